package org.sparkgbert.convert.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model on the Hub at one revision, written {@code owner/name[@revision]}.
 *
 * @param owner user or organization
 * @param name the model's name
 * @param revision branch, tag, {@code refs/pr/N} or commit
 */
public record HubReference(String owner, String name, String revision) {
  /** The revision of a reference that does not name one. */
  public static final String DEFAULT_REVISION = "main";

  private static final Pattern TEXT = Pattern.compile("([^/@]+)/([^/@]+)(?:@(.+))?");
  private static final Pattern PART = Pattern.compile("\\w(?:[\\w.-]{0,94}\\w)?");
  private static final Pattern REVISION = Pattern.compile("\\w[\\w.+-]*(?:/\\w[\\w.+-]*)*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final int REVISION_LENGTH = 200;

  /**
   * @throws IllegalArgumentException if a part has characters that the Hub does not allow
   */
  public HubReference {
    if (!isPart(owner) || !isPart(name) || name.endsWith(".git")) {
      throw new IllegalArgumentException(
          "Cannot name a model of the Hub: owner and name need letters, digits, '_', and single"
              + " '-' or '.'"
              + " between them, found '%s/%s'".formatted(owner, name));
    }
    if (!isRevision(revision)) {
      throw new IllegalArgumentException(
          "Cannot name a revision of %s/%s: it must be a branch, a tag or a commit, found '%s'"
              .formatted(owner, name, revision));
    }
  }

  /** Parses a reference; empty if the text is not one. */
  public static Optional<HubReference> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String revision = Optional.ofNullable(parts.group(3)).orElse(DEFAULT_REVISION);
    try {
      return Optional.of(new HubReference(parts.group(1), parts.group(2), revision));
    } catch (IllegalArgumentException notOfTheHub) {
      return Optional.empty();
    }
  }

  /** The model without its revision, {@code owner/name}. */
  public String id() {
    return owner + "/" + name;
  }

  /** Whether a text is a full commit hash, whose meaning never changes. */
  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  private static boolean isPart(String text) {
    return PART.matcher(text).matches() && !text.contains("--") && !text.contains("..");
  }

  private static boolean isRevision(String text) {
    return text.length() <= REVISION_LENGTH
        && REVISION.matcher(text).matches()
        && !text.contains("..");
  }

  /** The reference as {@link #parse} reads it, with its revision. */
  @Override
  public String toString() {
    return id() + "@" + revision;
  }
}
