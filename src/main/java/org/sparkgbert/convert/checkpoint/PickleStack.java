package org.sparkgbert.convert.checkpoint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The stack of a pickle machine: values and marks. Values below a mark are out of reach until the
 * mark is removed.
 */
final class PickleStack {
  private static final int MAX_DEPTH = 100_000;

  private final List<PickleValue> values = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();

  void push(PickleValue value) {
    requireRoom();
    values.add(value);
  }

  void mark() {
    requireRoom();
    marks.push(values.size());
  }

  private void requireRoom() {
    if (values.size() + marks.size() == MAX_DEPTH) {
      throw new IllegalArgumentException(
          "the stack of its pickle must stay below %d values, found more".formatted(MAX_DEPTH));
    }
  }

  PickleValue pop() {
    requireValue();
    return values.remove(values.size() - 1);
  }

  PickleValue top() {
    requireValue();
    return values.get(values.size() - 1);
  }

  private void requireValue() {
    int floor = marks.isEmpty() ? 0 : marks.peek();
    if (values.size() == floor) {
      throw new IllegalArgumentException(
          "its pickle must not pop more than it pushed, found an empty stack");
    }
  }

  /** The topmost values, deepest first. */
  List<PickleValue> pop(int count) {
    List<PickleValue> popped = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      popped.add(0, pop());
    }
    return popped;
  }

  /** The values above the topmost mark, deepest first; the mark is removed too. */
  List<PickleValue> popToMark() {
    if (marks.isEmpty()) {
      throw new IllegalArgumentException("its pickle must set a mark first, found none");
    }
    List<PickleValue> above = values.subList(marks.pop(), values.size());
    List<PickleValue> popped = List.copyOf(above);
    above.clear();
    return popped;
  }
}
