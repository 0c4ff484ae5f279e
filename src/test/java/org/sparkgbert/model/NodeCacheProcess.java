package org.sparkgbert.model;

import java.nio.file.Path;

/** Fetches one bundle in a JVM of its own and prints where it lies and how often it was copied. */
public final class NodeCacheProcess {
  private NodeCacheProcess() {}

  /**
   * @param args root of the cache, URI of the bundle
   */
  public static void main(String[] args) {
    NodeCache cache = new NodeCache(Path.of(args[0]), CountingFileSystem.configuration());
    System.out.println("fetching");
    Path copy = cache.fetch(args[1]);
    System.out.println(copy + " " + CountingFileSystem.MODELS_OPENED.get());
  }
}
