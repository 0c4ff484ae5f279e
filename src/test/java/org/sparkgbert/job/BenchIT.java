package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.job.RunningCommand.Outcome;

/** The bench as users run it. */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BenchIT {
  private static final String TINY = "2,32,2,64,600,64";

  @TempDir private Path scratch;

  private Shell shell;

  @BeforeEach
  void openShell() throws IOException {
    shell = Shell.in(scratch);
  }

  @Test
  void oneRunTellsTheLimitTheEncoderAndTheJob() throws IOException {
    Path output = scratch.resolve("results");
    Outcome outcome =
        shell
            .run(
                "jobs/bench.sh",
                "--shape",
                TINY,
                "--texts",
                "400",
                "--rounds",
                "1",
                "--cores",
                "2",
                "--memory-tasks",
                "0",
                "--output",
                output.toString())
            .succeeded();
    assertThat(outcome.out().lines())
        .allMatch(line -> line.length() <= 100 || line.contains(output.toString()))
        .anyMatch(line -> line.startsWith("  share of the encoder"));

    JsonNode result = JsonMapper.builder().build().readTree(output.resolve("bench.json").toFile());
    assertThat(result.path("command").asText())
        .startsWith("jobs/bench.sh --shape " + TINY)
        .doesNotContain("launcher");
    JsonNode candidate = result.path("candidates").path(0);
    assertThat(candidate.path("texts").path("count").asInt()).isEqualTo(400);
    assertThat(candidate.path("shape").path("inner").asInt()).isEqualTo(64);
    double flop =
        candidate.path("flop_per_token").path("linear").asDouble()
            + candidate.path("flop_per_token").path("attention").asDouble();
    for (int i = 0; i < 2; i++) {
      JsonNode encoder = candidate.path("encoder").path(i);
      JsonNode job = candidate.path("jobs").path(i);
      JsonNode limit = candidate.path("limits").path(i);
      assertThat(limit.path("precision").asText()).isEqualTo("float32");
      assertThat(limit.path("cores").asInt()).isEqualTo(i + 1);
      double gigaflops = median(encoder.path("tokens_per_second")) * flop / 1e9;
      assertThat(median(encoder.path("gigaflops"))).isEqualTo(gigaflops, within(1e-6));
      assertThat(median(encoder.path("share_of_limit")))
          .isEqualTo(gigaflops / median(limit.path("gigaflops")), within(1e-6));
      assertThat(median(job.path("share_of_encoder")))
          .isEqualTo(
              median(job.path("tokens_per_second")) / median(encoder.path("tokens_per_second")),
              within(1e-6));
      assertThat(median(job.path("seconds"))).isGreaterThan(median(job.path("cold_start_seconds")));
      assertThat(median(job.path("peak_memory_bytes"))).isGreaterThan(100e6);
    }
    assertThat(median(candidate.path("cores_ratio").path("encoder")))
        .isEqualTo(
            median(candidate.path("encoder").path(1).path("tokens_per_second"))
                / median(candidate.path("encoder").path(0).path("tokens_per_second")),
            within(1e-6));
  }

  private static double median(JsonNode spread) {
    return spread.path("median").asDouble(Double.NaN);
  }
}
