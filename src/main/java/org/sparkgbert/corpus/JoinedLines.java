package org.sparkgbert.corpus;

import java.util.regex.Pattern;
import org.apache.spark.sql.api.java.UDF1;
import scala.collection.Seq;

/**
 * Whether a record of CSV holds a field that looks as if a stray quote had joined whole lines: each
 * line inside it has as many separators as a line of the file would have there, or begins with a
 * number and a separator as the record does.
 */
final class JoinedLines implements UDF1<Seq<String>, Boolean> {
  private static final long serialVersionUID = 1L;
  private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final String separator;
  private final boolean isInProse;

  /**
   * @param separator what stands between fields
   * @param isInProse whether texts hold it too, so that to count it proves nothing
   */
  JoinedLines(String separator, boolean isInProse) {
    this.separator = separator;
    this.isInProse = isInProse;
  }

  @Override
  public Boolean call(Seq<String> fields) {
    int all = fields.length() - 1;
    String key = fields.apply(0);
    boolean hasNumber = key != null && NUMBER.matcher(key).matches();
    for (int i = isInProse ? 1 : 0; i <= all && (hasNumber || !isInProse); i++) {
      if (fields.apply(i) != null && isJoined(fields.apply(i), i, all)) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param before separators before the field
   * @param all separators of a line
   */
  private boolean isJoined(String field, int before, int all) {
    if (!field.contains(separator)) {
      return false;
    }
    String[] lines = LINE_END.split(field, -1);
    int last = lines.length - 1;
    if (last > 0 && lines[last].isEmpty()) {
      last--; // The end of a file inside a quote.
    }
    boolean joined = last > 0 && (isInProse || count(lines[0]) == all - before);
    for (int i = 1; i <= last && joined; i++) {
      int separators = count(lines[i]);
      joined =
          isInProse ? begins(lines[i]) : separators == all || (i == last && separators == before);
    }
    return joined;
  }

  private boolean begins(String line) {
    int end = line.indexOf(separator);
    return end > 0 && NUMBER.matcher(line.substring(0, end)).matches();
  }

  private int count(String line) {
    int count = 0;
    for (int at = line.indexOf(separator); at >= 0; at = line.indexOf(separator, at + 1)) {
      count++;
    }
    return count;
  }
}
