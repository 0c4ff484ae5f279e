package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The tensors of a {@code model.safetensors}, to be changed and written again. */
public final class TestWeights {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, ObjectNode> entries = new TreeMap<>();
  private final Map<String, byte[]> contents = new TreeMap<>();

  private TestWeights(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[Math.toIntExact(bytes.getLong())];
    bytes.get(header);
    for (Map.Entry<String, JsonNode> each : JSON.readTree(header).properties()) {
      if (each.getValue() instanceof ObjectNode entry && entry.has("data_offsets")) {
        int start = Long.BYTES + header.length;
        entries.put(each.getKey(), entry);
        contents.put(
            each.getKey(),
            Arrays.copyOfRange(
                file,
                start + entry.get("data_offsets").get(0).asInt(),
                start + entry.get("data_offsets").get(1).asInt()));
      }
    }
  }

  /** Changes the weights of a checkpoint. */
  public static void rewrite(Path directory, Consumer<TestWeights> change) throws IOException {
    Path file = directory.resolve("model.safetensors");
    TestWeights weights = new TestWeights(Files.readAllBytes(file));
    change.accept(weights);
    Files.write(file, weights.bytes());
  }

  /** Adds or replaces an F32 tensor. */
  public TestWeights floats(String name, long[] shape, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    ObjectNode entry = JSON.createObjectNode().put("dtype", "F32");
    entry.set("shape", JSON.valueToTree(shape));
    entries.put(name, entry);
    contents.put(name, bytes.array());
    return this;
  }

  /** Adds a tensor like another one, with the same values. */
  public TestWeights copy(String name, String newName) {
    entries.put(newName, entries.get(name).deepCopy());
    contents.put(newName, contents.get(name).clone());
    return this;
  }

  /** Names of all tensors. */
  public List<String> names() {
    return List.copyOf(contents.keySet());
  }

  /** Removes a tensor, which must be there. */
  public TestWeights remove(String name) {
    if (contents.remove(name) == null) {
      throw new AssertionError("No " + name + " in " + contents.keySet());
    }
    entries.remove(name);
    return this;
  }

  /** Replaces the first value of an F32 tensor. */
  public TestWeights first(String name, float value) {
    ByteBuffer.wrap(contents.get(name)).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value);
    return this;
  }

  private byte[] bytes() {
    ObjectNode header = JSON.createObjectNode();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    contents.forEach(
        (name, content) -> {
          int begin = data.size();
          data.writeBytes(content);
          entries.get(name).putArray("data_offsets").add(begin).add(data.size());
          header.set(name, entries.get(name));
        });
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length + data.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data.toByteArray())
        .array();
  }
}
