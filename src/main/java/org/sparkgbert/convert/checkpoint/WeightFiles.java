package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds and opens the weights of a checkpoint. */
public final class WeightFiles {
  /** The formats of weights, preferred ones first. */
  private enum Format {
    SAFETENSORS("model.safetensors"),
    PICKLE("pytorch_model.bin");

    private final String file;

    Format(String file) {
      this.file = file;
    }

    String index() {
      return file + ".index.json";
    }

    WeightFile read(MappedFile file) throws IOException {
      return switch (this) {
        case SAFETENSORS -> SafetensorsFile.read(file);
        case PICKLE -> PickleCheckpoint.read(file);
      };
    }
  }

  private WeightFiles() {}

  /**
   * Opens the weights of a snapshot directory: {@code model.safetensors}, its index with shards,
   * {@code pytorch_model.bin}, its index with shards, or {@code model.q4.safetensors}, the form of
   * the default model, whichever is found first.
   *
   * @return owned by the caller
   * @throws IllegalArgumentException if there are none, or they are damaged, malicious or outside
   *     the snapshot; the message names the file, the reason and what was found
   * @throws UncheckedIOException if a file cannot be read
   */
  public static Weights open(Path snapshotDirectory) {
    SnapshotFiles files = new SnapshotFiles(snapshotDirectory);
    for (Format format : Format.values()) {
      if (files.has(format.file)) {
        return openFile(files, format.file, format);
      }
      if (files.has(format.index())) {
        return openShards(files, format);
      }
    }
    if (files.has(FourBitWeights.FILE)) {
      return MappedFile.read(files.file(FourBitWeights.FILE), FourBitWeights::read);
    }
    throw new IllegalArgumentException(
        "Cannot open the weights of %s: it needs %s, found none of them"
            .formatted(
                snapshotDirectory,
                "model.safetensors, model.safetensors.index.json, "
                    + "pytorch_model.bin or pytorch_model.bin.index.json"));
  }

  private static WeightFile openFile(SnapshotFiles files, String name, Format format) {
    return MappedFile.read(files.file(name), format::read);
  }

  private static Weights openShards(SnapshotFiles files, Format format) {
    Path path = files.file(format.index());
    List<Weights> shards = new ArrayList<>();
    try {
      ShardIndex index = MappedFile.read(path, ShardIndex::read);
      for (Map.Entry<String, Set<String>> listed : index.tensors().entrySet()) {
        WeightFile shard = openFile(files, listed.getKey(), format);
        shards.add(shard);
        requireAll(path, listed, shard.names());
      }
      return new ShardedWeights(path, shards);
    } catch (RuntimeException e) {
      shards.forEach(Weights::close);
      throw e;
    }
  }

  private static void requireAll(
      Path index, Map.Entry<String, Set<String>> listed, Set<String> found) {
    for (String name : listed.getValue()) {
      if (!found.contains(name)) {
        throw new IllegalArgumentException(
            "Cannot read %s: %s must have tensor %s, found %d others"
                .formatted(index, listed.getKey(), Quoted.of(name), found.size()));
      }
    }
  }
}
