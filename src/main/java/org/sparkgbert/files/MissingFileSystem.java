package org.sparkgbert.files;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.util.VersionInfo;

/** File systems that Hadoop knows, but whose library Spark does not bring. */
public final class MissingFileSystem {
  private static final Pattern CLASS =
      Pattern.compile("org\\.apache\\.hadoop\\.fs\\.(\\w+)\\.\\w+");

  private static final Pattern SCHEME = Pattern.compile("No FileSystem for scheme \"([\\w+.-]+)\"");

  /** Hadoop's modules by the package of their classes. */
  private static final Map<String, String> MODULE_OF_PACKAGE =
      Map.of(
          "s3a", "hadoop-aws",
          "azurebfs", "hadoop-azure",
          "azure", "hadoop-azure",
          "adl", "hadoop-azure-datalake",
          "aliyun", "hadoop-aliyun",
          "cosn", "hadoop-cos",
          "obs", "hadoop-huaweicloud");

  private MissingFileSystem() {}

  /**
   * What to do about an error.
   *
   * @param message what Hadoop says
   * @return empty if the error is another one
   */
  public static Optional<String> remedy(String message) {
    if (message.contains("not found") || message.contains("ClassNotFoundException")) {
      Matcher type = CLASS.matcher(message);
      if (type.find() && MODULE_OF_PACKAGE.containsKey(type.group(1))) {
        return Optional.of(
            "Spark comes without the library of this file system; put --packages org.apache.hadoop:%s:%s -- before the job's options"
                .formatted(MODULE_OF_PACKAGE.get(type.group(1)), VersionInfo.getVersion()));
      }
    }
    Matcher scheme = SCHEME.matcher(message);
    if (scheme.find()) {
      return Optional.of(
          scheme.group(1).matches("s3n?")
              ? "Hadoop reads S3 by s3a:// only"
              : "Hadoop knows no such file system; put its library, as --packages GROUP:ARTIFACT:VERSION --, before the job's options");
    }
    return Optional.empty();
  }
}
