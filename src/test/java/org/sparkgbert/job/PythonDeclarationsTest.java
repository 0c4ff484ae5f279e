package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.spark.ml.Transformer;
import org.junit.jupiter.api.Test;
import org.sparkgbert.embed.SentenceEmbedder;

/**
 * The Python package says what the declarations say. After a change of those, {@code mvn test
 * -Dtest=PythonDeclarationsTest -Dsparkgbert.update-python=true} writes the files anew.
 */
class PythonDeclarationsTest {
  @Test
  void theCommittedFilesAreThoseThatFollowFromTheDeclarations() throws IOException {
    for (Map.Entry<String, String> file : PythonDeclarations.files().entrySet()) {
      Path path = PythonDeclarations.FOLDER.resolve(file.getKey());
      if (Boolean.getBoolean("sparkgbert.update-python")) {
        Files.writeString(path, file.getValue());
      }
      assertThat(path)
          .as("outdated; run this test with -Dsparkgbert.update-python=true")
          .content()
          .isEqualTo(file.getValue());
    }
  }

  @Test
  void thePackageHasTheVersionOfTheJar() throws IOException {
    String version =
        Files.readAllLines(Path.of("pom.xml")).stream()
            .filter(line -> line.startsWith("  <version>"))
            .findFirst()
            .orElseThrow()
            .replaceAll("<[^>]*>", "")
            .strip();
    assertThat(PythonDeclarations.FOLDER.resolve("spark_gbert/_version.py"))
        .content()
        .contains("__version__ = \"" + version + "\"\n");
  }

  @Test
  void sparkConnectFindsTheTransformer() {
    assertThat(ServiceLoader.load(Transformer.class).stream().map(ServiceLoader.Provider::type))
        .contains(SentenceEmbedder.class);
  }
}
