package org.sparkgbert.corpus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;

/**
 * What the footers of ORC files say.
 *
 * @param files the files; none where Hive wrote them without names of columns
 * @param rows rows of all of them
 */
record OrcFiles(List<CorpusFile> files, long rows) {
  /** Hive once named columns by their positions only. */
  private static final String UNNAMED = "_col";

  OrcFiles {
    files = List.copyOf(files);
  }

  /**
   * Reads footers.
   *
   * @throws IllegalArgumentException if a file is no complete ORC file; the message names it
   */
  static OrcFiles read(List<FileStatus> files, Configuration hadoop) {
    List<CorpusFile> named = new ArrayList<>();
    long rows = 0;
    for (Footer footer : Parallel.map(files, file -> footer(file, hadoop))) {
      rows += footer.rows();
      if (!footer.file().columns().stream().allMatch(name -> name.startsWith(UNNAMED))) {
        named.add(footer.file());
      }
    }
    return new OrcFiles(named, rows);
  }

  private record Footer(CorpusFile file, long rows) {}

  private static Footer footer(FileStatus file, Configuration hadoop) {
    try (Reader reader = OrcFile.createReader(file.getPath(), OrcFile.readerOptions(hadoop))) {
      CorpusFile found =
          new CorpusFile(file.getPath().toString(), reader.getSchema().getFieldNames());
      return new Footer(found, reader.getNumberOfRows());
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "Cannot read ORC file %s: %s"
              .formatted(
                  file.getPath(),
                  FileKind.of(file.getPath(), hadoop)
                      .filter(kind -> kind != FileKind.ORC)
                      .map(FileKind::hint)
                      .orElse(SparkErrors.oneLine(e))),
          e);
    }
  }
}
