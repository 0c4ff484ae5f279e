package org.sparkgbert.corpus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.files.HadoopFiles;

/** What a file seems to be, for the hint in an error about one that cannot be read. */
enum FileKind {
  PARQUET("PAR1", "parquet"),
  ORC("ORC", "orc"),
  AVRO("Obj\u0001", "avro"),
  JSON("", "json|jsonl|ndjson"),
  CSV("", "csv|tsv|tab|txt");

  private static final int HEAD_BYTES = 512;
  private static final Pattern COMPRESSION =
      Pattern.compile("\\.(gz|gzip|bz2|zst|zstd|lz4|snappy|deflate)$");
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\x00-\\x08\\x0e-\\x1a\\x1c-\\x1f]");

  private final String magic;
  private final String endings;

  /**
   * @param magic first bytes, empty for text
   * @param endings of names, as a regular expression
   */
  FileKind(String magic, String endings) {
    this.magic = magic;
    this.endings = endings;
  }

  /**
   * The kind by the first bytes, or else by the name; empty if neither tells or it is unreadable.
   */
  static Optional<FileKind> of(Path file, Configuration hadoop) {
    String head;
    try (FSDataInputStream in = HadoopFiles.of(file, hadoop).open(file)) {
      head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return Optional.empty();
    }
    Optional<FileKind> binary =
        Arrays.stream(values())
            .filter(kind -> !kind.magic.isEmpty() && head.startsWith(kind.magic))
            .findFirst();
    return binary.or(() -> byName(file.getName())).or(() -> byText(head));
  }

  private static Optional<FileKind> byName(String name) {
    String plain = COMPRESSION.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    return Arrays.stream(values())
        .filter(kind -> kind.magic.isEmpty())
        .filter(kind -> plain.matches(".*\\.(" + kind.endings + ")"))
        .findFirst();
  }

  private static Optional<FileKind> byText(String head) {
    if (head.isBlank() || UNPRINTABLE.matcher(head).find()) {
      return Optional.empty();
    }
    return Optional.of(head.stripLeading().matches("(?s)[{\\[].*") ? JSON : CSV);
  }

  /** Whether its first bytes say so, and not only a name. */
  boolean isBinary() {
    return !magic.isEmpty();
  }

  /** Spark's name of the data source. */
  String format() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What to do about it. */
  String hint() {
    return "it seems to be %s: use --format %s".formatted(this == CSV ? "text" : name(), format());
  }
}
