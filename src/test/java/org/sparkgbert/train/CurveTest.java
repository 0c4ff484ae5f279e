package org.sparkgbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkgbert.action.Progress;

class CurveTest {
  private static Curve curve(Double... spearman) {
    List<DevScore> scores = new ArrayList<>();
    for (int i = 0; i < spearman.length; i++) {
      scores.add(new DevScore(i, 10L * i, spearman[i], spearman[i]));
    }
    return new Curve(List.of(), List.of(), List.of(), scores, 1, 1);
  }

  private static List<String> notes(Curve curve) {
    Notes notes = Notes.of(Progress.NONE);
    curve.describe(notes);
    return notes.lines();
  }

  @Test
  void theFirstOfTheBestStepsCounts() {
    assertThat(curve(0.9, 0.4, 0.6, 0.6, 0.5).best().step()).isEqualTo(20);
    assertThat(curve(0.1, null, 0.2, null).best().step()).isEqualTo(20);
    assertThat(notes(curve(0.1, 0.2))).isEmpty();
  }

  @Test
  void withoutAnyScoreTheLastStepCounts() {
    Curve curve = curve(null, null, null);
    assertThat(curve.best().step()).isEqualTo(20);
    assertThat(notes(curve))
        .singleElement()
        .asString()
        .contains("what is written is the last step");
  }

  @Test
  void aModelThatWasBetterBeforeIsSaid() {
    assertThat(notes(curve(0.5, 0.4, 0.3)))
        .containsExactly(
            "Training did not help: on the dev pairs the model had 0.5000 before, and what is written has 0.4000.");
  }
}
