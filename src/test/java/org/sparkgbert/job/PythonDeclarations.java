package org.sparkgbert.job;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.text.WordUtils;
import org.sparkgbert.cluster.ClusterOptions;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.search.NeighbourOptions;
import org.sparkgbert.search.SearchOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;
import org.sparkgbert.sts.PairOptions;
import org.sparkgbert.vector.Similarity;

/**
 * The part of the Python package that follows from declarations in Java: the Params of the
 * transformer, the options of actions, the functions of vectors.
 */
final class PythonDeclarations {
  /** Where the package lies. */
  static final Path FOLDER = Path.of("src/main/python");

  private static final int WIDTH = 100;

  private static final String MADE =
      """
      # Made by PythonDeclarationsTest from the declarations in Java, which also checks it. Not to be edited.
      """;

  /** What the functions give themselves, or do not do: evaluations, pages, measurements. */
  private static final Set<String> NO_OPTIONS =
      Set.of(
          "input",
          "output",
          "gold-column",
          "evaluation",
          "resamples",
          "query",
          "queries",
          "queries-format",
          "queries-read-option",
          "measure-recall",
          "report");

  private PythonDeclarations() {}

  /** The files, by their names in the folder, with what they have to hold. */
  static Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("org/sparkgbert/_params.py", params());
    files.put("spark_gbert/_options.py", options());
    files.put("spark_gbert/_vector_functions.py", vectorFunctions());
    return files;
  }

  private static String params() {
    List<Param> params =
        Stream.concat(
                Stream.of(
                    Param.of("inputCol", EmbedOptions.TEXT_COLUMN),
                    Param.of("outputCol", EmbedOptions.EMBEDDING_COLUMN)),
                EmbedderOptions.ALL.stream().map(setting -> Param.of(setting.param(), setting)))
            .toList();
    return MADE
        + """
        from __future__ import annotations

        from typing import TYPE_CHECKING, Any, Literal, TypedDict

        from pyspark.ml.param import Param, Params, TypeConverters

        if TYPE_CHECKING:
            from typing_extensions import Self


        class SentenceEmbedderArguments(TypedDict, total=False):
            \"""Values of Params of a SentenceEmbedder, by their names.\"""

        %s

        class SentenceEmbedderParams(Params):
            \"""The Params of a SentenceEmbedder: declaration, setter and getter of each.\"""

        %s
            #: Defaults by name.
            _DEFAULTS: dict[str, Any] = {
        %s    }
        %s"""
            .formatted(
                joined(params, param -> "    " + param.name + ": " + param.type + "\n"),
                joined(params, Param::declaration),
                joined(params, param -> "        \"%s\": %s,\n".formatted(param.name, param.value)),
                joined(params, Param::methods));
  }

  /**
   * A Param.
   *
   * @param name its name
   * @param type its values' type in Python
   * @param converter PySpark's converter to that type
   * @param meaning what it means
   * @param value its default, as Python writes it
   */
  private record Param(String name, String type, String converter, String meaning, String value) {
    private static Param of(String name, Setting<?> setting) {
      String type = setting.type().equals(ValueType.SIZE) ? "int" : elementType(setting);
      String converter =
          switch (type) {
            case "int" -> "toInt";
            case "bool" -> "toBoolean";
            default -> "toString";
          };
      return new Param(name, type, converter, setting.meaning(), literal(setting, type));
    }

    private static String literal(Setting<?> setting, String type) {
      return switch (type) {
        case "int" -> setting.defaultText();
        case "bool" -> StringUtils.capitalize(setting.defaultText());
        default -> quoted(setting.defaultText());
      };
    }

    private String declaration() {
      return """
                 %1$s: Param[%2$s] = Param(
                     Params._dummy(),
                     "%1$s",
             %3$s,
                     TypeConverters.%4$s,
                 )
             """
          .formatted(name, erased(), strings(meaning), converter);
    }

    /** A class's attribute cannot be a Param of literals without more words than it is worth. */
    private String erased() {
      return type.startsWith("Literal") ? "str" : type;
    }

    private String methods() {
      return """

                 def set%1$s(self, value: %2$s) -> Self:
             %3$s
                     return self._set(%4$s=value)

                 def get%1$s(self) -> %5$s:
                     \"""The value of %4$s, or its default.\"""
                     return self.getOrDefault(self.%4$s)
             """
          .formatted(
              StringUtils.capitalize(name),
              type,
              docstring(meaning + " Default: " + value + ".", 8),
              name,
              erased());
    }
  }

  private static String options() {
    return MADE
        + """
        from __future__ import annotations

        from collections.abc import Mapping, Sequence
        from typing import Literal, TypedDict
        """
        + options("EmbedOptions", "embed", EmbedOptions.ALL)
        + options("ScorePairsOptions", "score_pairs", PairOptions.SCORING)
        + options("NeighboursOptions", "neighbours", NeighbourOptions.FINDING)
        + options("SearchOptions", "search", SearchOptions.ALL)
        + options("FindClustersOptions", "find_clusters", ClusterOptions.ALL);
  }

  private static String options(String name, String function, List<Setting<?>> settings) {
    List<Setting<?>> optional =
        settings.stream()
            .filter(setting -> !NO_OPTIONS.contains(setting.name()))
            .filter(setting -> settings != PairOptions.SCORING || !setting.name().equals("seed"))
            .toList();
    return """


           class %s(TypedDict, total=False):
               \"""Options of :func:`spark_gbert.%s`.\"""
           %s"""
        .formatted(name, function, joined(optional, PythonDeclarations::option));
  }

  private static String option(Setting<?> setting) {
    String meaning = setting.meaning().replaceFirst("^With --all-pairs: ", "");
    String given =
        setting.defaultText().isEmpty() ? "" : " Default: " + setting.defaultText() + ".";
    return "\n    %s: %s\n%s\n"
        .formatted(setting.name().replace('-', '_'), type(setting), docstring(meaning + given, 4));
  }

  private static String type(Setting<?> setting) {
    String element = elementType(setting);
    return setting.type().form().isSeveral() && !element.startsWith("Mapping")
        ? "str | Sequence[" + element + "]"
        : element;
  }

  private static String elementType(Setting<?> setting) {
    return switch (setting.type().rule()) {
      case "a whole number" -> "int";
      case "a number" -> "float";
      case "a size such as 256m" -> "int | str";
      case "true or false" -> "bool";
      case "KEY=VALUE" -> "Mapping[str, str]";
      default -> setting.label().startsWith("<") ? choice(setting.label()) : text(setting);
    };
  }

  /** What may be a number or words is written as either. */
  private static String text(Setting<?> setting) {
    return setting.equals(ClusterOptions.K) ? "int | str" : "str";
  }

  private static String choice(String label) {
    return Arrays.stream(StringUtils.strip(label, "<>").split("\\|"))
        .map(PythonDeclarations::quoted)
        .collect(Collectors.joining(", ", "Literal[", "]"));
  }

  private static String vectorFunctions() {
    return MADE
        + """
        from __future__ import annotations

        from typing import TYPE_CHECKING

        from pyspark.sql.functions import call_function

        if TYPE_CHECKING:
            from pyspark.sql import Column
        """
        + joined(
            Arrays.asList(Similarity.values()),
            similarity ->
                """


                def %1$s(left: Column | str, right: Column | str) -> Column:
                %2$s
                    return call_function("%1$s", left, right)
                """
                    .formatted(
                        similarity.sqlName(),
                        docstring(
                            similarity.help()
                                + " Two columns, or names of columns, of array<float> and of one"
                                + " dimension; a float, null where one of them is null or holds a"
                                + " null.",
                            4)));
  }

  private static <T> String joined(List<T> parts, Function<? super T, String> text) {
    return parts.stream().map(text).collect(Collectors.joining());
  }

  private static String docstring(String text, int indent) {
    String margin = " ".repeat(indent);
    String lines = WordUtils.wrap(text, WIDTH - indent - 6, "\n" + margin, false);
    return lines.contains("\n")
        ? margin + "\"\"\"" + lines + "\n" + margin + "\"\"\""
        : margin + "\"\"\"" + lines + "\"\"\"";
  }

  /** A long string, in as many literals as it takes, as an argument. */
  private static String strings(String text) {
    List<String> lines = List.of(WordUtils.wrap(text, WIDTH - 12, "\n", false).split("\n"));
    return lines.stream()
        .map(line -> "        " + quoted(line + (line.equals(last(lines)) ? "" : " ")))
        .collect(Collectors.joining("\n"));
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
