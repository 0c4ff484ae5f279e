package org.sparkgbert.convert.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tensors of several files. */
final class ShardedWeights implements Weights {
  private final Path index;
  private final List<Weights> shards;
  private final Map<String, Weights> byTensor = new LinkedHashMap<>();

  /**
   * @param index the file that lists the shards, for messages
   * @param shards owned from now on, at least one
   * @throws IllegalArgumentException if two shards have a tensor of the same name
   */
  ShardedWeights(Path index, List<Weights> shards) {
    this.index = index;
    this.shards = List.copyOf(shards);
    for (Weights shard : shards) {
      shard.names().forEach(name -> add(name, shard));
    }
  }

  private void add(String name, Weights shard) {
    if (byTensor.putIfAbsent(name, shard) != null) {
      throw new IllegalArgumentException(
          "Cannot read %s: tensor %s must be in only one shard, found in two"
              .formatted(index, Quoted.of(name)));
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(byTensor.keySet());
  }

  private Weights shard(String name) {
    Weights shard = byTensor.get(name);
    if (shard == null) {
      throw SimilarNames.missing(name, index, byTensor.keySet());
    }
    return shard;
  }

  @Override
  public TensorInfo info(String name) {
    return shard(name).info(name);
  }

  @Override
  public void forEachBlock(String name, FloatBlock block) {
    shard(name).forEachBlock(name, block);
  }

  @Override
  public float[] floats(String name) {
    return shard(name).floats(name);
  }

  @Override
  public Path source() {
    return index;
  }

  @Override
  public String format() {
    String count = shards.size() == 1 ? "1 shard" : shards.size() + " shards";
    return shards.get(0).format() + " in " + count;
  }

  @Override
  public void close() {
    shards.forEach(Weights::close);
  }
}
