package org.sparkgbert.convert.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Maps the tensors of a sharded checkpoint to its files.
 *
 * @param tensors names of tensors by file name, in the index's order
 */
record ShardIndex(Map<String, Set<String>> tensors) {
  private static final String WEIGHT_MAP = "weight_map";
  private static final int MAX_BYTES = 64 << 20;
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

  /**
   * Reads an index.
   *
   * @throws IllegalArgumentException if it is not an index, or names anything but a file next to
   *     it, with the reason
   */
  static ShardIndex read(MappedFile file) throws IOException {
    try (file) {
      if (file.size() > MAX_BYTES) {
        throw new IllegalArgumentException(
            "an index must have at most %d bytes, found %d".formatted(MAX_BYTES, file.size()));
      }
      return parse(file.array(0, (int) file.size()));
    }
  }

  private static ShardIndex parse(byte[] utf8) throws IOException {
    Map<String, Set<String>> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : StrictJson.read(utf8, "the index")) {
      if (field.getKey().equals(WEIGHT_MAP)) {
        for (Map.Entry<String, JsonNode> item : StrictJson.fields(field.getValue(), WEIGHT_MAP)) {
          String shard = shard(item.getKey(), item.getValue());
          tensors.computeIfAbsent(shard, file -> new LinkedHashSet<>()).add(item.getKey());
        }
      }
    }
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("its weight_map must name tensors, found none");
    }
    return new ShardIndex(tensors);
  }

  private static String shard(String tensor, JsonNode name) {
    String shard = StrictJson.text(name, "the shard of tensor " + Quoted.of(tensor));
    if (!PLAIN_NAME.matcher(shard).matches()) {
      throw new IllegalArgumentException(
          "the shard of tensor %s must be a plain file name, found %s"
              .formatted(Quoted.of(tensor), Quoted.of(shard)));
    }
    return shard;
  }
}
