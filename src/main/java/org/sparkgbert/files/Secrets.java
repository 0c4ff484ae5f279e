package org.sparkgbert.files;

import java.util.regex.Pattern;

/** Keeps passwords and keys that stand in addresses out of what is printed and stored. */
public final class Secrets {
  private static final String HIDDEN = "***";

  /** The user and the password before a host; a container of Azure, which has none, may stay. */
  private static final Pattern PASSWORD = Pattern.compile("(\\w://)[^/@\\s:'\"]*:[^/@\\s'\"]*@");

  /** A key alone, where a user would stand. */
  private static final Pattern USER = Pattern.compile("((?:https?|s3[an]?|gs)://)[^/@\\s'\"]+@");

  /** A parameter of a query, or of an address of a database. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)((?:[?&;]|^)(?:x-(?:amz|goog|ms)-[\\w-]+|sig|[\\w.-]*(?:token|secret|passw(?:or)?d|signature|credential|access-?_?key|api-?_?key)[\\w.-]*)=)[^&;\\s'\"]*[^&;\\s'\":,.]");

  private Secrets() {}

  /** A text in which each password, key and token of an address is replaced by stars. */
  public static String hide(String text) {
    if (!text.contains("://") && text.indexOf('=') < 0) {
      return text;
    }
    String hidden = PASSWORD.matcher(text).replaceAll("$1" + HIDDEN + "@");
    hidden = USER.matcher(hidden).replaceAll("$1" + HIDDEN + "@");
    return PARAMETER.matcher(hidden).replaceAll("$1" + HIDDEN);
  }
}
