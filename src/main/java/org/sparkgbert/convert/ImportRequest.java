package org.sparkgbert.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.files.Secrets;

/**
 * What to import, and how.
 *
 * @param origin where the model comes from
 * @param output directory of the bundle
 * @param precision how matrices are stored
 * @param int8Attention in int8, whether attention is so where much is lost
 * @param overrides what takes precedence over the model's own files
 */
public record ImportRequest(
    Origin origin,
    Path output,
    ElementType precision,
    Int8Attention int8Attention,
    Overrides overrides) {

  /**
   * Checks that the precision is the one whose attention is asked for.
   *
   * @throws IllegalArgumentException if attention should always be int8 in another precision
   */
  public ImportRequest {
    int8Attention.requireFor(precision);
  }

  /** In int8, attention is so unless too much is lost. */
  public ImportRequest(Origin origin, Path output, ElementType precision, Overrides overrides) {
    this(origin, output, precision, Int8Attention.MEASURED, overrides);
  }

  /**
   * Where a model comes from.
   *
   * @param files a checkpoint's directory, or an ONNX file
   * @param name the model's name
   * @param source the source's name in the manifest, such as a Hub id
   * @param revision the source's commit, or a word for sources that have none
   * @param licence the licence as declared, empty if unknown
   */
  public record Origin(Path files, String name, String source, String revision, String licence) {
    /** Passwords and keys in addresses are left out. */
    public Origin {
      source = Secrets.hide(source);
    }
  }

  /**
   * What takes precedence over the model's own files.
   *
   * @param prompt text put before each sentence
   * @param maxSeqLength maximum number of tokens per text
   * @param tokenizer a {@code tokenizer.json}, if it is not next to the model
   * @param pooling how an ONNX file's token vectors become one vector, none for the mean
   * @param normalize whether embeddings of an ONNX file are scaled to unit length
   */
  public record Overrides(
      Optional<String> prompt,
      Optional<Integer> maxSeqLength,
      Optional<Path> tokenizer,
      List<Pooling> pooling,
      boolean normalize) {
    /** No overrides: only what the files say. */
    public static final Overrides NONE =
        new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), false);
  }
}
