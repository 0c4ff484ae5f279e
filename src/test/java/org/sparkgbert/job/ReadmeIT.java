package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java runs as it stands, on the class path that the README names. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReadmeIT {
  @TempDir private Path scratch;

  @Test
  void theExampleWithoutSparkRuns() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String example = between(readme.substring(readme.indexOf("without Spark")), "```java\n", "```");
    Path source = scratch.resolve("Example.java");
    Files.writeString(
        source,
        """
        import java.nio.file.Path;
        import java.util.List;
        import org.sparkgbert.encode.SentenceEncoder;

        class Example {
          public static void main(String[] args) {
            %s
          }
        }
        """
            .formatted(
                example.replace(
                    "encoder.encode(List.of(\"Guten Morgen!\", \"Wie wird das Wetter?\"));",
                    "encoder.encode(List.of(\"Guten Morgen!\", \"Wie wird das Wetter?\"));"
                        + "System.out.println(vectors.length + \" \" + vectors[1].length);")));
    String classPath =
        "target/spark-gbert-0.1.0.jar:" + Files.readString(Path.of("target/spark.classpath"));
    assertThat(readme).contains("target/spark-gbert-0.1.0.jar:$(cat target/spark.classpath)");
    assertThat(
            Shell.in(scratch)
                .run(List.of("java", "-cp", classPath, source.toString()))
                .succeeded()
                .out())
        .endsWith("2 384\n");
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }
}
