package org.sparkgbert.convert;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sparkgbert.convert.checkpoint.Quoted;

/**
 * The tokenizer classes of transformers that supported model families use. All but {@link #FILE}
 * build the tokenizer from its vocabulary alone, whatever else {@code tokenizer.json} says.
 *
 * <p><b>Source:</b> transformers 5.
 */
enum TokenizerClass {
  /** BERT, DistilBERT, ELECTRA. */
  BERT("BertTokenizer", "WordPiece", "cls_token", "sep_token"),
  MPNET("MPNetTokenizer", "WordPiece", "cls_token", "sep_token"),
  ROBERTA("RobertaTokenizer", "BPE", "cls_token", "sep_token"),
  XLM_ROBERTA("XLMRobertaTokenizer", "Unigram", "bos_token", "eos_token"),
  CAMEMBERT("CamembertTokenizer", "Unigram", "bos_token", "eos_token"),
  /** {@code tokenizer.json} as it is. */
  FILE("PreTrainedTokenizerFast", "", "", "");

  /** The special tokens that have a name, in the order in which they are added. */
  static final List<String> NAMED =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private static final Map<String, TokenizerClass> BY_NAME =
      Map.ofEntries(
          Map.entry("BertTokenizer", BERT),
          Map.entry("DistilBertTokenizer", BERT),
          Map.entry("ElectraTokenizer", BERT),
          Map.entry("MPNetTokenizer", MPNET),
          Map.entry("RobertaTokenizer", ROBERTA),
          Map.entry("XLMRobertaTokenizer", XLM_ROBERTA),
          Map.entry("CamembertTokenizer", CAMEMBERT),
          Map.entry("PreTrainedTokenizer", FILE),
          Map.entry("TokenizersBackend", FILE));

  private static final Map<String, TokenizerClass> BY_MODEL =
      Map.of(
          "bert", BERT,
          "distilbert", BERT,
          "electra", BERT,
          "mpnet", MPNET,
          "roberta", ROBERTA,
          "xlm-roberta", XLM_ROBERTA,
          "camembert", CAMEMBERT,
          "modernbert", FILE);

  private final String className;
  private final String model;
  private final String first;
  private final String last;

  TokenizerClass(String className, String model, String first, String last) {
    this.className = className;
    this.model = model;
    this.first = first;
    this.last = last;
  }

  /**
   * The class of a checkpoint.
   *
   * @param named what {@code tokenizer_config.json} or {@code config.json} names
   * @param file which of them
   * @param modelType what {@code config.json} names
   * @throws IllegalArgumentException if none of the supported classes is meant
   */
  static TokenizerClass of(Optional<String> named, String file, String modelType) {
    if (named.isPresent() && !named.get().equals("PreTrainedTokenizer")) {
      TokenizerClass known = BY_NAME.get(named.get().replaceFirst("Fast$", ""));
      if (known == null) {
        throw new IllegalArgumentException(
            "Cannot import model: %s has the tokenizer_class %s, which is not supported; supported"
                    .formatted(file, Quoted.line(named.get()))
                + " are those of "
                + List.of(values()).stream().map(one -> one.className).toList());
      }
      return modelType.equals("modernbert") ? FILE : known;
    }
    if (named.isPresent() || !BY_MODEL.containsKey(modelType)) {
      throw new IllegalArgumentException(
          "Cannot import model: the tokenizer's class is not known, found tokenizer_class %s and"
                  .formatted(named.orElse("nowhere"))
              + " model_type "
              + Quoted.of(modelType));
    }
    return BY_MODEL.get(modelType);
  }

  /** Its name in transformers. */
  String className() {
    return className;
  }

  /** The type of its model in {@code tokenizer.json}. */
  String model() {
    return model;
  }

  /** The name of the special token before a text. */
  String first() {
    return first;
  }

  /** The name of the special token behind a text. */
  String last() {
    return last;
  }

  /** The special tokens that it has if no file says otherwise. */
  Map<String, String> defaults() {
    return switch (this) {
      case BERT ->
          Map.of(
              "unk_token", "[UNK]",
              "sep_token", "[SEP]",
              "pad_token", "[PAD]",
              "cls_token", "[CLS]",
              "mask_token", "[MASK]");
      case MPNET, ROBERTA, XLM_ROBERTA, CAMEMBERT ->
          Map.of(
              "bos_token", "<s>",
              "eos_token", "</s>",
              "unk_token", this == MPNET ? "[UNK]" : "<unk>",
              "sep_token", "</s>",
              "pad_token", "<pad>",
              "cls_token", "<s>",
              "mask_token", "<mask>");
      case FILE -> Map.of();
    };
  }

  /** Further special tokens that it has if no file says otherwise. */
  List<String> defaultExtras() {
    return this == CAMEMBERT ? List.of("<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED") : List.of();
  }

  /** Named special tokens without which it cannot be built. */
  Set<String> required() {
    return switch (this) {
      case BERT, MPNET, XLM_ROBERTA, CAMEMBERT -> Set.of("unk_token", first, last);
      case ROBERTA -> Set.of(first, last);
      case FILE -> Set.of();
    };
  }

  /** A special token of which only the characters are given. */
  AddedToken special(String name, String content) {
    AddedToken plain = AddedToken.special(content);
    boolean mask = name.equals("mask_token");
    return switch (this) {
      case BERT, ROBERTA, XLM_ROBERTA, FILE -> plain;
      case CAMEMBERT -> mask ? plain.strippingLeft() : plain;
      case MPNET -> mask ? plain.strippingLeft().inNormalizedText() : plain.inNormalizedText();
    };
  }
}
