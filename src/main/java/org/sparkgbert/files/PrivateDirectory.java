package org.sparkgbert.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** Directories of which nobody but this process's user can change the content. */
public final class PrivateDirectory {
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

  private PrivateDirectory() {}

  /**
   * The directory, created if it is missing, with permissions for the user alone.
   *
   * @return its path without links
   * @throws IllegalArgumentException if it belongs to another user, others may write into it, or it
   *     is a link or a file
   * @throws IOException if it cannot be created or looked at
   */
  public static Path of(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    if (!Files.getFileStore(existing(absolute)).supportsFileAttributeView("posix")) {
      return Files.createDirectories(absolute).toRealPath();
    }
    if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      create(absolute);
    }
    requireOwn(absolute);
    return absolute.toRealPath();
  }

  private static Path existing(Path path) {
    Path at = path;
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  private static void create(Path directory) throws IOException {
    Files.createDirectories(directory.getParent());
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWN));
    } catch (FileAlreadyExistsException another) {
      // Another process of this user was faster, or another user: requireOwn tells.
    }
  }

  private static void requireOwn(Path directory) throws IOException {
    PosixFileAttributes found =
        Files.getFileAttributeView(
                directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
    if (!found.isDirectory()) {
      throw refused(directory, found.isSymbolicLink() ? "it is a link" : "it is no directory");
    }
    if (!found.owner().equals(self())) {
      throw refused(directory, "it belongs to the user " + found.owner().getName());
    }
    if (found.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || found.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw refused(
          directory,
          "others may write into it, " + PosixFilePermissions.toString(found.permissions()));
    }
  }

  private static IllegalArgumentException refused(Path directory, String reason) {
    return new IllegalArgumentException(
        "Cannot use the directory %s: it must be this user's own, found that %s"
            .formatted(directory, reason));
  }

  /** Who a new file belongs to; the system property may name anybody. */
  private static UserPrincipal self() throws IOException {
    Path file = Files.createTempFile("spark-gbert-owner", "");
    try {
      return Files.getOwner(file);
    } finally {
      Files.delete(file);
    }
  }
}
