package org.sparkgbert.corpus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Files whose columns have the same names and other types, which Spark cannot read together. */
final class MixedTypes {
  /** A column in the first file that has it. */
  private record Place(StructField column, String file) {}

  private MixedTypes() {}

  /**
   * The first column that has different types, with both and a file of each.
   *
   * @param relation the files
   * @param options how they are read
   * @param files what their footers say; of those with the same columns and metadata one is looked
   *     at
   * @return empty if the types are alike
   */
  static Optional<String> in(
      FileRelation relation, Map<String, String> options, List<CorpusFile> files) {
    Map<List<Object>, CorpusFile> kinds = new LinkedHashMap<>();
    files.forEach(file -> kinds.putIfAbsent(List.of(file.columns(), file.metadata()), file));
    Map<String, Place> columns = new LinkedHashMap<>();
    for (CorpusFile file : kinds.values()) {
      for (StructField column : schema(relation, options, file).fields()) {
        Place first = columns.computeIfAbsent(column.name(), any -> new Place(column, file.path()));
        if (!first.column().dataType().sameType(column.dataType())) {
          return Optional.of(
              "column '%s' is %s in %s, and %s in %s; give files whose columns have the same types"
                  .formatted(
                      column.name(),
                      first.column().dataType().simpleString(),
                      first.file(),
                      column.dataType().simpleString(),
                      file.path()));
        }
      }
    }
    return Optional.empty();
  }

  private static StructType schema(
      FileRelation relation, Map<String, String> options, CorpusFile file) {
    List<FileStatus> only =
        relation.files().read().stream()
            .filter(status -> status.getPath().toString().equals(file.path()))
            .toList();
    return only.isEmpty() ? new StructType() : relation.schema(options, only);
  }
}
