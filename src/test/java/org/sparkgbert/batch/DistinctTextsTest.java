package org.sparkgbert.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DistinctTextsTest {
  @Test
  void equalTextsShareOneIndexInOrderOfTheirFirstRow() {
    DistinctTexts distinct = DistinctTexts.of(List.of("b", "a", "b", "c", "a"));
    assertThat(distinct.texts()).containsExactly("b", "a", "c");
    assertThat(distinct.indexOfRow()).containsExactly(0, 1, 0, 2, 1);
  }

  @Test
  void nullIsATextLikeAnyOther() {
    DistinctTexts distinct = DistinctTexts.of(Arrays.asList(null, "a", null, ""));
    assertThat(distinct.texts()).containsExactly(null, "a", "");
    assertThat(distinct.indexOfRow()).containsExactly(0, 1, 0, 2);
  }

  @Test
  void textsThatDifferOnlyInCaseOrUnicodeFormStayApart() {
    assertThat(DistinctTexts.of(List.of("B\u00e4r", "Ba\u0308r", "b\u00e4r")).texts()).hasSize(3);
  }

  @Test
  void everyRowStandsForItselfWhenAllAreWanted() {
    List<String> rows = Arrays.asList("a", null, "a", null);
    DistinctTexts all = DistinctTexts.all(rows);
    assertThat(all.texts()).isEqualTo(rows);
    assertThat(all.indexOfRow()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void everyRowFindsItsOwnTextAndNoTextComesTwice() {
    Random random = new Random(5);
    List<String> rows =
        random
            .ints(1_000, 0, 60)
            .mapToObj(i -> i == 0 ? null : "text " + i)
            .collect(Collectors.toCollection(ArrayList::new));
    DistinctTexts distinct = DistinctTexts.of(rows);
    assertThat(distinct.texts()).doesNotHaveDuplicates().hasSize(60);
    for (int row = 0; row < rows.size(); row++) {
      assertThat(distinct.texts().get(distinct.indexOfRow()[row])).isEqualTo(rows.get(row));
    }
  }
}
