package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkgbert.tokenize.TokenizedText;

class TokenizedTextsTest {
  @Test
  void aTextThatTheTokenizerRefusedFailsAndOthersFindTheirSequences() {
    TokenizedText none = new TokenizedText(0, false, List.of(), new int[0]);
    TokenizedText one = new TokenizedText(1, false, List.of(new long[] {7}), new int[] {1});
    String[] errors = {"Cannot tokenize: refused", null};
    TokenizedTexts texts =
        new TokenizedTexts(List.of(none, one), errors, List.of(one.sequences().get(0)));
    SequenceEncoder.Result result =
        new SequenceEncoder.Result(new float[] {1, 2}, 2, new String[1], 1, 1, StageNanos.NONE);
    List<EncodedText> encoded = texts.assemble(result, new VectorForm(2, false, 2, false));
    assertThat(encoded.get(0)).isEqualTo(EncodedText.failed(0, "Cannot tokenize: refused"));
    assertThat(encoded.get(1).status()).isEqualTo(EmbeddingStatus.OK);
    assertThat(encoded.get(1).embedding()).containsExactly(1, 2);
    assertThat(texts.sequenceTokens()).isEqualTo(1);
  }
}
