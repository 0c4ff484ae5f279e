package org.sparkgbert.convert;

import java.util.List;

/**
 * A model that is known to work on German text.
 *
 * @param id its Hub id
 * @param dimension length of an embedding
 * @param pooling how tokens become one vector
 * @param licence the licence as declared
 * @param stsb published Spearman correlation of cosine similarity on STSb-de test, empty if unknown
 * @param source where that figure was published
 */
public record KnownModel(
    String id, int dimension, String pooling, String licence, String stsb, String source) {
  /** The reference model first, then by score. */
  public static final List<KnownModel> ALL =
      List.of(
          new KnownModel(
              "aari1995/gBERT-large-sts-v2", 1024, "mean", "none declared", "0.8626", "model card"),
          new KnownModel(
              "sentence-transformers/paraphrase-multilingual-mpnet-base-v2",
              768,
              "mean",
              "apache-2.0",
              "0.8356",
              "MTEB"),
          new KnownModel(
              "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
              384,
              "mean",
              "apache-2.0",
              "0.7887",
              "MTEB"),
          new KnownModel("sentence-transformers/LaBSE", 768, "cls", "apache-2.0", "0.7243", "MTEB"),
          new KnownModel(
              "sentence-transformers/all-MiniLM-L6-v2",
              384,
              "mean",
              "apache-2.0",
              "0.6240",
              "MTEB"),
          new KnownModel("intfloat/multilingual-e5-small", 384, "mean", "mit", "", ""),
          new KnownModel("intfloat/multilingual-e5-base", 768, "mean", "mit", "", ""),
          new KnownModel("intfloat/multilingual-e5-large", 1024, "mean", "mit", "", ""),
          new KnownModel("BAAI/bge-m3", 1024, "cls", "mit", "", ""));
}
