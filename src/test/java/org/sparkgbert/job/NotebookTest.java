package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Notebooks are committed as they ran, from top to bottom; {@code notebooks/run.sh} runs them. */
@ParameterizedClass
@MethodSource("notebooks")
class NotebookTest {
  private final Path file;
  private final JsonNode notebook;

  NotebookTest(Path file) throws IOException {
    this.file = file;
    this.notebook = JsonMapper.builder().build().readTree(file.toFile());
  }

  static List<Path> notebooks() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("notebooks"))) {
      return files.filter(path -> path.toString().endsWith(".ipynb")).sorted().toList();
    }
  }

  @Test
  void itIsANotebookOfFormat4Point5ForPython() {
    assertThat(notebook.path("nbformat").asInt()).isEqualTo(4);
    assertThat(notebook.path("nbformat_minor").asInt()).isEqualTo(5);
    assertThat(notebook.at("/metadata/kernelspec/name").asText()).isEqualTo("python3");
    assertThat(elements(notebook.path("cells")))
        .extracting(cell -> cell.path("id").asText())
        .doesNotContain("")
        .doesNotHaveDuplicates();
  }

  @Test
  void everyCodeCellHasRunInOrderAndHasOutputs() {
    List<JsonNode> cells = codeCells().toList();
    assertThat(cells)
        .extracting(cell -> cell.path("execution_count").asInt())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, cells.size()).boxed().toList())
        .isNotEmpty();
    assertThat(cells)
        .allSatisfy(
            cell -> assertThat(cell.path("outputs")).as(cell.path("id").asText()).isNotEmpty());
  }

  @Test
  void noCellFailedOrWarned() {
    assertThat(outputs())
        .extracting(output -> output.path("output_type").asText())
        .isSubsetOf("stream", "display_data", "execute_result");
    assertThat(outputs())
        .extracting(output -> output.path("name").asText("stdout"))
        .containsOnly("stdout");
  }

  /** Those would differ from machine to machine, or tell who ran it. */
  @Test
  void outputsHoldNoPathsAndNoAddressesOfMemory() {
    for (JsonNode output : outputs()) {
      String text = output.path("text") + " " + output.at("/data/text~1plain");
      assertThat(text)
          .doesNotContain(" at 0x", System.getProperty("user.dir"))
          .doesNotContainPattern("(^|[^\\w.])/(home|Users|root|tmp|work|var)/");
    }
  }

  @Test
  void itIsSmallEnoughToBeShownByGitHosts() throws IOException {
    assertThat(Files.size(file)).isLessThan(600_000);
  }

  private Stream<JsonNode> codeCells() {
    return elements(notebook.path("cells")).stream()
        .filter(cell -> cell.path("cell_type").asText().equals("code"));
  }

  private List<JsonNode> outputs() {
    return codeCells().flatMap(cell -> elements(cell.path("outputs")).stream()).toList();
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
