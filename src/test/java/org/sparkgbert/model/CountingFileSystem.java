package org.sparkgbert.model;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk under the scheme {@code counting}: counts how often a model is opened. */
public final class CountingFileSystem extends RawLocalFileSystem {
  static final AtomicInteger MODELS_OPENED = new AtomicInteger();

  /** Settings under which Hadoop knows the scheme. */
  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.counting.impl", CountingFileSystem.class, CountingFileSystem.class);
    hadoop.setBoolean("fs.counting.impl.disable.cache", true);
    return hadoop;
  }

  static String uri(java.nio.file.Path path) {
    return "counting://" + path.toAbsolutePath();
  }

  @Override
  public URI getUri() {
    return URI.create("counting:///");
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    if (file.getName().equals(BundleManifest.MODEL_FILE)) {
      MODELS_OPENED.incrementAndGet();
    }
    return super.open(file, bufferSize);
  }
}
