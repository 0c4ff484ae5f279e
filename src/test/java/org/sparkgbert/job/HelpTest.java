package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkgbert.bench.BenchOptions;
import org.sparkgbert.check.CheckOptions;
import org.sparkgbert.cluster.ClusterOptions;
import org.sparkgbert.convert.ImportOptions;
import org.sparkgbert.convert.VerifyOptions;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.enrich.PruneOptions;
import org.sparkgbert.search.IndexOptions;
import org.sparkgbert.search.NeighbourOptions;
import org.sparkgbert.search.SearchOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.SettingGroup;
import org.sparkgbert.settings.ValueType.Form;
import org.sparkgbert.sts.PairOptions;
import org.sparkgbert.train.TrainOptions;

/** What {@code --help} shows. */
class HelpTest {
  static List<Job> jobs() {
    return Main.jobs();
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void everySettingIsShownInItsGroupWithItsDefault(Job job) {
    List<String> lines = help(job);
    for (SettingGroup group : job.groups()) {
      assertThat(lines).contains(group.title() + ":");
    }
    String words = String.join("", lines).replaceAll("\\s+", "");
    for (Setting<?> setting : job.settings()) {
      if (setting.meaning().isEmpty()) {
        assertThat(words).doesNotContain(setting.option());
        continue;
      }
      assertThat(words)
          .contains(JobHelp.meaning(setting).replace("%%", "%").replaceAll("\\s+", ""));
      String shown =
          setting.isArgument()
              ? setting.label()
              : setting.type().form() == Form.FLAG
                  ? setting.option()
                  : setting.option() + "=" + JobHelp.placeholder(setting);
      assertThat(lines)
          .as(shown)
          .anyMatch(
              line ->
                  line.strip().replaceFirst("^[*\\[]\\s*", "").startsWith(shown)
                      && line.strip().startsWith("*") == setting.isRequired());
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void theExampleIsACommandLineThatWorks(Job job) {
    assertThat(String.join(" ", help(job)))
        .endsWith("Example: " + job.launcher() + " " + job.example());
    RecordedJob recorded = new RecordedJob(job);
    int code =
        JobCommand.of(recorded, new Console(System.out, System.err))
            .execute(job.example().split(" ", -1));
    assertThat(code).isEqualTo(Main.SUCCEEDED);
    assertThat(recorded.given()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void placeholdersSayWhatTheyStandFor(Job job) {
    for (Setting<?> setting : job.settings()) {
      if (setting.type().form() != Form.FLAG) {
        assertThat(setting.label()).as(setting.option()).isNotEqualTo("VALUE").isNotBlank();
      }
    }
  }

  @Test
  void groupsHoldAllSettingsOfTheActions() {
    assertHolds(new EmbedJob(), EmbedOptions.ALL);
    assertHolds(new StsJob(), PairOptions.SCORING);
    assertHolds(new StsJob(), NeighbourOptions.FINDING);
    assertHolds(new SearchJob(), SearchOptions.ALL);
    assertHolds(new IndexJob(), IndexOptions.ALL);
    assertHolds(new ClusterJob(), ClusterOptions.ALL);
    assertHolds(new CheckJob(), CheckOptions.ALL);
    assertHolds(new PruneCacheJob(), PruneOptions.ALL);
    assertHolds(new ImportModelJob(), ImportOptions.ALL);
    assertHolds(new VerifyModelJob(), VerifyOptions.ALL);
    assertHolds(new TrainJob(), TrainOptions.ALL);
    assertHolds(new BenchJob(), BenchOptions.ALL);
  }

  @Test
  void placeholdersOfChoicesAreTheChoices() {
    String words = String.join("\n", help(new EmbedJob()));
    assertThat(words)
        .contains("--normalize-unicode=<nfc|none>")
        .contains("--dedupe=<true|false>")
        .contains("--window-rows=N")
        .contains("--keep-columns=NAME[,...]")
        .contains(
            "Usage: jobs/embed.sh [SPARK OPTIONS --] --input PATH... --output TABLE [OPTIONS]");
  }

  private static void assertHolds(Job job, Collection<Setting<?>> settings) {
    assertThat(new HashSet<>(job.settings())).containsAll(settings);
    assertThat(job.settings()).doesNotHaveDuplicates();
  }

  private static List<String> help(Job job) {
    JobRun run = JobRun.withoutSpark(job.name(), "--help");
    assertThat(run.code()).isEqualTo(Main.SUCCEEDED);
    return run.out();
  }
}
