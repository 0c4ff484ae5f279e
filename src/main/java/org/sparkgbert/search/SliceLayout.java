package org.sparkgbert.search;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Which rows of a corpus each task compares, and which of its partitions the task reads: those with
 * its own rows, and then all, from its own on, so that not all tasks read the same one at once.
 */
final class SliceLayout implements PartitionCoalescer, Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] starts;
  private final ArrayList<Slice> slices;

  /**
   * @param starts first row of each partition, and at last the number of rows
   * @param slices rows of each task
   */
  SliceLayout(int[] starts, List<Slice> slices) {
    this.starts = starts;
    this.slices = new ArrayList<>(slices);
  }

  /** Number of tasks. */
  int tasks() {
    return slices.size();
  }

  /** The rows that a task compares. */
  Slice slice(int task) {
    return slices.get(task);
  }

  /** The rows of the partitions that hold them. */
  Slice read(int task) {
    return new Slice(starts[firstPartition(task)], starts[endPartition(task)]);
  }

  private int firstPartition(int task) {
    int partition = 0;
    while (starts[partition + 1] <= slices.get(task).from()) {
      partition++;
    }
    return partition;
  }

  private int endPartition(int task) {
    int partition = firstPartition(task);
    while (starts[partition] < slices.get(task).to()) {
      partition++;
    }
    return partition;
  }

  @Override
  public PartitionGroup[] coalesce(int most, RDD<?> corpus) {
    PartitionGroup[] groups = new PartitionGroup[tasks()];
    for (int task = 0; task < groups.length; task++) {
      groups[task] = group(task, corpus);
    }
    return groups;
  }

  private PartitionGroup group(int task, RDD<?> corpus) {
    PartitionGroup group = new PartitionGroup(Option.empty());
    int first = firstPartition(task);
    int end = endPartition(task);
    for (int partition = first; partition < end; partition++) {
      group.partitions().addOne(corpus.partitions()[partition]);
    }
    int all = corpus.partitions().length;
    for (int i = 0; i < all; i++) {
      group.partitions().addOne(corpus.partitions()[(first + i) % all]);
    }
    return group;
  }
}
