package org.sparkgbert.convert;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A vocabulary in the format of SentencePiece.
 *
 * <p><b>Source:</b> SentencePiece's {@code sentencepiece_model.proto}.
 *
 * @param pieces the words in the order of their ids
 * @param normalization the rules by which characters are replaced, compiled; empty if there are
 *     none. Owned, not copied.
 */
record SentencePieceFile(List<Piece> pieces, byte[] normalization) {
  private static final int UNIGRAM = 1;

  /** A kind of piece: a word that texts hold, as it is. */
  private static final int USER_DEFINED = 4;

  /** Control characters of a model, such as the beginning of a text. */
  private static final int CONTROL = 3;

  private static final int NORMAL = 1;

  /**
   * A word.
   *
   * @param text its characters
   * @param score its score
   * @param type its kind
   */
  record Piece(String text, float score, int type) {
    boolean isUserDefined() {
      return type == USER_DEFINED;
    }

    boolean isControl() {
      return type == CONTROL;
    }
  }

  /**
   * Reads a file.
   *
   * @param name its name, for messages
   * @throws IllegalArgumentException if it is damaged or no Unigram model
   */
  static SentencePieceFile read(String name, byte[] bytes) {
    List<Piece> pieces = new ArrayList<>();
    byte[] normalization = new byte[0];
    int model = UNIGRAM;
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 1 -> pieces.add(piece(in.readBytes().newCodedInput()));
          case 2 -> model = modelType(in.readBytes().newCodedInput());
          case 3 -> normalization = normalization(in.readBytes().newCodedInput());
          default -> in.skipField(tag);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "Cannot read %s: it is not a SentencePiece model, %s".formatted(name, e.getMessage()), e);
    }
    if (model != UNIGRAM) {
      throw new IllegalArgumentException(
          "Cannot read %s: its model must be Unigram (type 1), found type %d"
              .formatted(name, model));
    }
    return new SentencePieceFile(List.copyOf(pieces), normalization);
  }

  private static Piece piece(CodedInputStream in) throws IOException {
    String text = "";
    float score = 0;
    int type = NORMAL;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> text = in.readStringRequireUtf8();
        case 2 -> score = in.readFloat();
        case 3 -> type = in.readEnum();
        default -> in.skipField(tag);
      }
    }
    return new Piece(text, score, type);
  }

  private static int modelType(CodedInputStream in) throws IOException {
    int type = UNIGRAM;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 3) {
        type = in.readEnum();
      } else {
        in.skipField(tag);
      }
    }
    return type;
  }

  private static byte[] normalization(CodedInputStream in) throws IOException {
    byte[] rules = new byte[0];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 2) {
        rules = in.readByteArray();
      } else {
        in.skipField(tag);
      }
    }
    return rules;
  }
}
