package org.sparkgbert.convert.hub;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.sparkgbert.convert.hub.RemoteFile.ContentHash;
import org.sparkgbert.convert.hub.RemoteFile.HashKind;

/**
 * What the Hub's API says about a model at one revision.
 *
 * @param id {@code owner/name}, the new one if the model was renamed
 * @param sha the revision's commit
 * @param siblings all files at that commit
 * @param cardData the facts of the model's card
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record ModelInfo(String id, String sha, List<Sibling> siblings, JsonNode cardData) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern HOSTILE =
      Pattern.compile(
          "^/.*|^\\w:.*|.*\\\\.*|.*\\p{Cntrl}.*|(?:.*/)?\\.{1,2}(?:/.*)?|", Pattern.DOTALL);

  /**
   * A file of a model; values are null if the server does not state them.
   *
   * @param rfilename its name
   * @param size length in bytes
   * @param blobId git's hash of what is in the repository; for a large file, that is its pointer
   * @param lfs the content, for a large file
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Sibling(String rfilename, Long size, String blobId, Lfs lfs) {
    /** This file with size and hash, if the server states both. */
    Optional<RemoteFile> remoteFile() {
      if (lfs != null && lfs.sha256() != null && lfs.size() != null) {
        return Optional.of(of(lfs.size(), HashKind.SHA256, lfs.sha256()));
      }
      if (lfs == null && size != null && blobId != null) {
        return Optional.of(of(size, HashKind.GIT_BLOB, blobId));
      }
      return Optional.empty();
    }

    private RemoteFile of(long bytes, HashKind kind, String hex) {
      return new RemoteFile(rfilename, bytes, hex, Optional.of(new ContentHash(kind, hex)));
    }
  }

  /**
   * The content of a large file.
   *
   * @param sha256 hash of the content
   * @param size length of the content in bytes
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Lfs(String sha256, Long size) {}

  /**
   * @throws IllegalArgumentException if the commit or the files are missing or invalid
   */
  ModelInfo {
    if (sha == null || !HubReference.isCommit(sha)) {
      throw new IllegalArgumentException("sha must be a commit, found " + quoted(sha));
    }
    siblings = List.copyOf(Objects.requireNonNullElse(siblings, List.of()));
    for (Sibling sibling : siblings) {
      String name = sibling.rfilename();
      if (name == null || HOSTILE.matcher(name).matches()) {
        throw new IllegalArgumentException("siblings must be files, found " + quoted(name));
      }
    }
    cardData = Objects.requireNonNullElse(cardData, MissingNode.getInstance());
  }

  /**
   * Reads a response of the API.
   *
   * @throws IllegalArgumentException if it is not one, with the reason in one line
   */
  static ModelInfo parse(byte[] json) {
    try {
      return Objects.requireNonNull(JSON.readValue(json, ModelInfo.class), "it is null");
    } catch (IOException | NullPointerException e) {
      Throwable ours = e.getCause() instanceof IllegalArgumentException i ? i : null;
      String reason = ours == null ? "it is not the JSON of a model" : ours.getMessage();
      throw new IllegalArgumentException(reason, e);
    }
  }

  /** The files by name. */
  Map<String, Sibling> files() {
    Map<String, Sibling> files = new TreeMap<>();
    siblings.forEach(sibling -> files.put(sibling.rfilename(), sibling));
    return files;
  }

  private static String quoted(String text) {
    return text == null ? "none" : "'" + RemoteFile.printable(text) + "'";
  }
}
