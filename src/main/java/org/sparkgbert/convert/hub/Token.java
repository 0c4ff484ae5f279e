package org.sparkgbert.convert.hub;

import java.util.regex.Pattern;

/**
 * A Hub user's secret. No message and no {@link #toString} shows it.
 *
 * @param secret what the Authorization header carries
 */
public record Token(String secret) {
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");

  /**
   * @throws IllegalArgumentException if it is empty or has blanks, controls or non-ASCII characters
   */
  public Token {
    if (!PRINTABLE.matcher(secret).matches()) {
      throw new IllegalArgumentException(
          "Cannot use the Hub's token: it must be printable ASCII without blanks,"
              + " found other characters or none");
    }
  }

  @Override
  public String toString() {
    return "Token[hidden]";
  }
}
