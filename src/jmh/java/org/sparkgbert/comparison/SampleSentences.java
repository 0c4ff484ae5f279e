package org.sparkgbert.comparison;

import java.util.List;
import java.util.stream.Stream;
import org.sparkgbert.files.SampleData;

/** The German sentences of the sample pairs. */
public final class SampleSentences {
  private SampleSentences() {}

  /** The distinct ones, in the order of the file. */
  public static List<String> read() {
    return SampleData.read("pairs.jsonl").stream()
        .flatMap(pair -> Stream.of(pair.get("sentence1").asText(), pair.get("sentence2").asText()))
        .distinct()
        .toList();
  }
}
