package org.sparkgbert.lake;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk as {@code faulty:/}, where a test decides what fails. Hadoop makes and keeps the
 * instance, so the plan is one for all.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  /** A change of the disk that is about to happen. */
  record Step(String what, Path path) {
    boolean is(String operation, String nameStart) {
      return what.equals(operation) && path.getName().startsWith(nameStart);
    }
  }

  /** What a test wants to happen before a step. */
  interface Plan {
    /**
     * @return whether the step may succeed; a rename or deletion that may not is refused quietly
     * @throws IOException the fault
     */
    boolean before(Step step) throws IOException;
  }

  private static final URI ROOT = URI.create("faulty:///");

  private static volatile Plan plan = step -> true;
  private static volatile String beating = "none";
  private static final AtomicLong BEATS = new AtomicLong();

  /** Settings that know the scheme. */
  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.faulty.impl", FaultyFileSystem.class.getName());
    return hadoop;
  }

  /** Follows a plan from now on. */
  static void follow(Plan next) {
    plan = next;
    beating = "none";
  }

  /** Nothing fails from now on. */
  static void heal() {
    follow(step -> true);
  }

  /** Lets every look at the file of a name find it changed, as if its owner wrote it anew. */
  static void letBeat(String name) {
    beating = name;
  }

  private static boolean step(String what, Path path) throws IOException {
    return plan.before(new Step(what, path));
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    FileStatus found = super.getFileStatus(path);
    if (path.getName().equals(beating)) {
      return new FileStatus(
          found.getLen(),
          false,
          1,
          1,
          found.getModificationTime() + BEATS.incrementAndGet(),
          found.getPath());
    }
    return found;
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    return step("mkdirs", path) && super.mkdirs(path);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return step("rename", from) && super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return step("delete", path) && super.delete(path, recursive);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return create(path, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    step("create", path);
    FSDataOutputStream file =
        super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(new FaultyStream(file, path), null);
  }

  private static final class FaultyStream extends OutputStream {
    private final FSDataOutputStream file;
    private final Path path;

    FaultyStream(FSDataOutputStream file, Path path) {
      this.file = file;
      this.path = path;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      step("write", path);
      file.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
