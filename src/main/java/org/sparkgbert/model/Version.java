package org.sparkgbert.model;

/** The version of spark-gbert that runs. */
public final class Version {
  /** As its jar says; {@code development} when it runs from class files. */
  public static final String CURRENT = current();

  private Version() {}

  private static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
