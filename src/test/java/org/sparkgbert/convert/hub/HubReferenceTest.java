package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubReferenceTest {
  @Test
  void withoutARevisionItIsMain() {
    assertThat(HubReference.parse("aari1995/gBERT-large-sts-v2"))
        .contains(new HubReference("aari1995", "gBERT-large-sts-v2", "main"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.0", "refs/pr/7", "feature/x_1", "0123abc"})
  void revisionsMayHaveSlashes(String revision) {
    assertThat(HubReference.parse("deepset/gbert-large@" + revision))
        .contains(new HubReference("deepset", "gbert-large", revision));
  }

  @Test
  void itReadsWhatItPrints() {
    HubReference reference = new HubReference("a", "b_c.d", "refs/pr/1");

    assertThat(HubReference.parse(reference.toString())).contains(reference);
    assertThat(reference.id()).isEqualTo("a/b_c.d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gbert",
        "a/b/c",
        "./model",
        "../model",
        "/model",
        "a/",
        "a/b@",
        "a/-b",
        "a/b-",
        "a/b.git",
        "a/b--c",
        "a/b..c",
        "a/b c",
        "a/bä",
        "a/b@../x",
        "a/b@/x",
        "a/b@x/",
        "a/b@x//y",
        "a/b@-x",
        "a/b@x y",
        "a/b@x\n",
        "a/b@x:y",
        "models/a/b",
        ""
      })
  void otherTextsAreNoReference(String text) {
    assertThat(HubReference.parse(text)).isEmpty();
  }

  @Test
  void aNameHasAtMost96Characters() {
    assertThat(HubReference.parse("a/" + "b".repeat(96))).isPresent();
    assertThat(HubReference.parse("a/" + "b".repeat(97))).isEmpty();
  }

  @Test
  void theConstructorSaysWhatIsWrong() {
    assertThatThrownBy(() -> new HubReference("..", "b", "main"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot name a model of the Hub: owner and name need letters, digits, '_', and"
                + " single '-' or '.' between them, found '../b'");
    assertThatThrownBy(() -> new HubReference("a", "b", "../x"))
        .hasMessage(
            "Cannot name a revision of a/b: it must be a branch, a tag or a commit, found '../x'");
  }
}
