package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.sparkgbert.convert.checkpoint.Quoted;

/**
 * The vocabulary of a tokenizer, from {@code tokenizer.json} or from the files that are older than
 * it.
 *
 * @param model words, and scores or merges: {@code vocab} and {@code merges} of the model in {@code
 *     tokenizer.json}
 * @param normalization the rules by which SentencePiece replaces characters, in Base64; empty if
 *     there are none
 * @param added tokens that the vocabulary itself marks as added ones
 * @param file where it was read, for messages
 * @param notes what of the file is not used
 */
record TokenizerVocabulary(
    ObjectNode model,
    String normalization,
    List<AddedToken> added,
    String file,
    List<String> notes) {
  static final String WORDS = "vocab.txt";
  private static final String BYTE_PAIRS = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final String PIECES = "sentencepiece.bpe.model";

  /** Where the pieces begin that no special token replaces, for XLM-RoBERTa and for CamemBERT. */
  private static final int XLM_ROBERTA_PIECES = 3;

  private static final int CAMEMBERT_PIECES = 1;
  private static final double UNUSED = -100;

  /** White space of Unicode at the end of a line. */
  private static final Pattern TRAILING_SPACE = Pattern.compile("[\\s\\p{Z}\\u0085]+$");

  /**
   * Reads the files that a class needs if there is no {@code tokenizer.json}.
   *
   * @throws IllegalArgumentException if they are missing or damaged
   */
  static TokenizerVocabulary read(
      CheckpointFiles snapshot, TokenizerClass kind, Map<String, AddedToken> special) {
    return switch (kind) {
      case BERT, MPNET -> words(snapshot, kind);
      case ROBERTA -> bytePairs(snapshot, kind);
      case XLM_ROBERTA, CAMEMBERT -> pieces(snapshot, kind, special);
      case FILE -> throw missing(snapshot, kind, List.of());
    };
  }

  private static IllegalArgumentException missing(
      CheckpointFiles snapshot, TokenizerClass kind, List<String> files) {
    return new IllegalArgumentException(
        "Cannot import %s: it has neither %s nor %s, which a %s needs; %s"
            .formatted(
                snapshot.directory(),
                TokenizerJson.FILE,
                files.isEmpty() ? "another vocabulary" : String.join(" with ", files),
                kind.className(),
                TokenizerJson.WRITE_ONE));
  }

  private static String text(CheckpointFiles snapshot, String file) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(CheckpointFiles.readBytes(snapshot.resolve(file))))
          .toString();
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read %s: %s".formatted(file, e.toString()), e);
    }
  }

  /** A word's id is its line; of two equal words the later one counts, as in the reference. */
  private static TokenizerVocabulary words(CheckpointFiles snapshot, TokenizerClass kind) {
    if (!snapshot.has(WORDS)) {
      throw missing(snapshot, kind, List.of(WORDS));
    }
    String[] lines = text(snapshot, WORDS).split("\n", -1);
    int count = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
    Map<String, Integer> ids = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    for (int line = 0; line < count; line++) {
      String word = TRAILING_SPACE.matcher(lines[line]).replaceFirst("");
      Integer before = ids.put(word, line);
      if (before != null && !word.isEmpty() && notes.isEmpty()) {
        notes.add(
            "%s has words twice, the later one counts: %s in lines %d and %d"
                .formatted(WORDS, Quoted.of(word), before + 1, line + 1));
      }
    }
    ObjectNode model = CheckpointFiles.mapper().createObjectNode();
    ObjectNode vocabulary = model.putObject("vocab");
    ids.forEach(vocabulary::put);
    return new TokenizerVocabulary(model, "", List.of(), WORDS, notes);
  }

  private static TokenizerVocabulary bytePairs(CheckpointFiles snapshot, TokenizerClass kind) {
    if (!snapshot.has(BYTE_PAIRS) || !snapshot.has(MERGES)) {
      throw missing(snapshot, kind, List.of(BYTE_PAIRS, MERGES));
    }
    ObjectNode model = CheckpointFiles.mapper().createObjectNode();
    JsonNode words = snapshot.json(BYTE_PAIRS).orElseThrow();
    for (JsonNode id : words) {
      if (!words.isObject() || !id.isIntegralNumber() || !id.canConvertToInt()) {
        throw new IllegalArgumentException(
            "Cannot read %s: each word must have a number, found %s"
                .formatted(BYTE_PAIRS, Quoted.line(id.toString())));
      }
    }
    model.set("vocab", words);
    ArrayNode merges = model.putArray("merges");
    int line = 0;
    for (String merge : text(snapshot, MERGES).split("\n", -1)) {
      line++;
      if (merge.startsWith("#version") || merge.stripTrailing().isEmpty()) {
        continue;
      }
      String[] pair = merge.stripTrailing().split(" ", -1);
      if (pair.length != 2) {
        throw new IllegalArgumentException(
            "Cannot read %s: a line must have two parts, found %s in line %d"
                .formatted(MERGES, Quoted.of(merge), line));
      }
      merges.addArray().add(pair[0]).add(pair[1]);
    }
    return new TokenizerVocabulary(model, "", List.of(), BYTE_PAIRS, List.of());
  }

  private static TokenizerVocabulary pieces(
      CheckpointFiles snapshot, TokenizerClass kind, Map<String, AddedToken> special) {
    if (!snapshot.has(PIECES)) {
      throw missing(snapshot, kind, List.of(PIECES));
    }
    SentencePieceFile file;
    try {
      file = SentencePieceFile.read(PIECES, CheckpointFiles.readBytes(snapshot.resolve(PIECES)));
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read %s: %s".formatted(PIECES, e), e);
    }
    ObjectNode model = CheckpointFiles.mapper().createObjectNode();
    ArrayNode words = model.putArray("vocab");
    boolean camembert = kind == TokenizerClass.CAMEMBERT;
    int from = camembert ? CAMEMBERT_PIECES : XLM_ROBERTA_PIECES;
    if (file.pieces().size() <= from) {
      throw new IllegalArgumentException(
          "Cannot read %s: it must have more than %d pieces, found %d"
              .formatted(PIECES, from, file.pieces().size()));
    }
    add(words, camembert ? "<s>NOTUSED" : special.get("bos_token").content(), 0);
    add(words, special.get("pad_token").content(), 0);
    add(words, camembert ? "</s>NOTUSED" : special.get("eos_token").content(), 0);
    add(words, special.get("unk_token").content(), 0);
    if (camembert) {
      add(words, "<unk>NOTUSED", UNUSED);
    }
    for (SentencePieceFile.Piece piece : file.pieces().subList(from, file.pieces().size())) {
      add(words, piece.text(), piece.score());
    }
    add(words, special.get("mask_token").content(), 0);
    return new TokenizerVocabulary(
        model,
        Base64.getEncoder().encodeToString(file.normalization()),
        added(file),
        PIECES,
        List.of());
  }

  private static void add(ArrayNode words, String word, double score) {
    words.addArray().add(word).add(score);
  }

  private static List<AddedToken> added(SentencePieceFile file) {
    return file.pieces().stream()
        .filter(piece -> piece.isUserDefined() || piece.isControl())
        .map(piece -> new AddedToken(piece.text(), false, false, false, false, piece.isControl()))
        .toList();
  }
}
