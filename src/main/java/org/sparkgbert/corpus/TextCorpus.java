package org.sparkgbert.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.catalyst.json.JSONOptionsInRead;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A corpus in files of CSV, JSON or XML. They do not tell how many records they have, and what
 * Spark cannot parse it may leave out or join; so all records are read once before any of them is
 * used.
 *
 * @param relation the files
 * @param name Spark's short name of the format
 * @param options options of the data source
 */
record TextCorpus(FileRelation relation, String name, Map<String, String> options) {
  private static final String NO_SEPARATOR = "";
  private static final CsvFiles NO_HEADERS = new CsvFiles(List.of(), new StructType());

  /**
   * Opens it.
   *
   * @throws IllegalArgumentException if a file is of another kind, or records are malformed
   */
  Corpus open() {
    requireText();
    return name.equals("csv") ? csv() : json();
  }

  private SparkSession spark() {
    return relation.spark();
  }

  private InputFiles files() {
    return relation.files();
  }

  private void requireText() {
    files().read().stream()
        .findFirst()
        .flatMap(file -> FileKind.of(file.getPath(), spark().sessionState().newHadoopConf()))
        .filter(FileKind::isBinary)
        .ifPresent(
            kind -> {
              throw new IllegalArgumentException(
                  "Cannot read %s file %s: %s"
                      .formatted(
                          name.toUpperCase(Locale.ROOT),
                          files().read().get(0).getPath(),
                          kind.hint()));
            });
  }

  private Corpus csv() {
    var parameters = InputFiles.parameters(options);
    CsvFiles heads =
        CsvFiles.read(
            spark(), files().read(), parameters, FileRelation.isTrue(options, "enforceSchema"));
    CSVOptions csv = CsvFiles.options(spark(), parameters);
    Dataset<Row> texts = relation.rows(options, heads.schema());
    Dataset<Row> rows = csv.inferSchemaFlag() ? relation.infer(options) : texts;
    if (csv.inferSchemaFlag()) {
      requireSameNumbers(rows.schema(), texts);
    }
    return checked(rows, csv.columnNameOfCorruptRecord(), csv.delimiter(), heads);
  }

  /** A number has no leading zeros; a postcode has. */
  private static void requireSameNumbers(StructType typed, Dataset<Row> texts) {
    for (StructField field : typed.fields()) {
      Column text = ColumnNames.column(field.name());
      Dataset<Row> changed = texts.where(text.rlike("^[+-]?0[0-9]")).select(text).limit(1);
      if (field.dataType() instanceof NumericType && !changed.isEmpty()) {
        throw new IllegalArgumentException(
            "Cannot read column '%s' as %s, as inferSchema wants: %s would lose its leading zeros; run without it"
                .formatted(
                    field.name(), field.dataType().simpleString(), changed.head().getString(0)));
      }
    }
  }

  /** The same for XML. */
  private Corpus json() {
    boolean ofTexts =
        name.equals("json") && FileRelation.isMultiLine(options) && relation.likeGlob().isPresent();
    Dataset<Row> rows = ofTexts ? relation.rows(options, schemaOfTexts()) : relation.infer(options);
    String corrupt =
        options.getOrDefault(
            "columnNameOfCorruptRecord", spark().sessionState().conf().columnNameOfCorruptRecord());
    return checked(rows, corrupt, NO_SEPARATOR, NO_HEADERS);
  }

  /** The schema of whole files of JSON whose names Spark would take for globs. */
  private StructType schemaOfTexts() {
    StructType text = new StructType().add("value", DataTypes.StringType);
    Dataset<String> texts =
        relation
            .as(new TextFileFormat())
            .rows(Map.of("wholetext", "true"), text)
            .as(Encoders.STRING());
    return spark().read().options(options).json(texts).schema();
  }

  /** Reads all records once, which costs little beside encoding them. */
  private Corpus checked(Dataset<Row> rows, String corrupt, String separator, CsvFiles heads) {
    StructType data = dataSchema(rows);
    if (List.of(data.fieldNames()).equals(List.of(corrupt))) {
      throw new IllegalArgumentException(
          "Cannot read corpus %s: no record is %s%s"
              .formatted(relation.corpus(), name.toUpperCase(Locale.ROOT), seemingKind()));
    }
    if (data.isEmpty()) {
      return new Corpus(rows, OptionalLong.empty(), List.of(), List.of(), name);
    }
    if (!List.of(data.fieldNames()).contains(corrupt)) {
      data = data.add(corrupt, DataTypes.StringType);
    }
    Map<String, String> permissive = FileRelation.with(options, "mode", "PERMISSIVE");
    TextRecords records = TextRecords.of(relation.rows(permissive, data), corrupt, separator);
    JsonTails tails = name.equals("json") ? tails(corrupt) : new JsonTails(0, null);
    boolean areFiles = FileRelation.isMultiLine(options);
    boolean accepted = options.getOrDefault("mode", "").equalsIgnoreCase("permissive");
    List<String> notes = new ArrayList<>(areFiles ? tails.judgeFiles(accepted) : List.of());
    records = areFiles ? records : records.withMalformed(tails);
    notes.addAll(records.judge(name, separator, accepted));
    return new Corpus(rows, OptionalLong.of(records.rows()), heads.files(), notes, name);
  }

  private StructType dataSchema(Dataset<Row> rows) {
    Set<String> partitions = Set.of(files().index().partitionSchema().fieldNames());
    StructType data = new StructType();
    for (StructField field : rows.schema().fields()) {
      data = partitions.contains(field.name()) ? data : data.add(field);
    }
    return data;
  }

  /** What stands behind the first value of a line, or of a file. */
  private JsonTails tails(String corrupt) {
    JSONOptions json =
        new JSONOptionsInRead(
            InputFiles.parameters(options),
            spark().sessionState().conf().sessionLocalTimeZone(),
            corrupt);
    if (json.multiLine()) {
      return JsonTails.ofFiles(spark(), files().read(), json);
    }
    Map<String, String> lines = new TreeMap<>();
    json.encoding().foreach(encoding -> lines.put("encoding", encoding));
    json.lineSeparator().foreach(separator -> lines.put("lineSep", separator));
    StructType line = new StructType().add(corrupt, DataTypes.StringType);
    return JsonTails.ofLines(relation.as(new TextFileFormat()).rows(lines, line), corrupt, json);
  }

  private String seemingKind() {
    return FileKind.of(files().read().get(0).getPath(), spark().sessionState().newHadoopConf())
        .filter(kind -> !kind.format().equals(name))
        .map(kind -> ", " + kind.hint())
        .orElse("");
  }
}
