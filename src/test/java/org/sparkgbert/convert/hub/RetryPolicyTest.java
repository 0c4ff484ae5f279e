package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sparkgbert.convert.hub.RetryPolicy.RetryableException;

class RetryPolicyTest {
  private static final RetryableException FAILURE = RetryableException.of("HTTP 503");

  private static RetryPolicy policy(double jitter) {
    Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    return new RetryPolicy(
        4, Duration.ofSeconds(1), Duration.ofSeconds(1), time -> {}, clock, () -> jitter);
  }

  @Test
  void waitsDoubleUpToALimit() {
    assertThat(policy(0.5).waitAfter(1, FAILURE)).isEqualTo(Duration.ofMillis(500));
    assertThat(policy(0.5).waitAfter(4, FAILURE)).isEqualTo(Duration.ofSeconds(4));
    assertThat(policy(0.5).waitAfter(1000, FAILURE)).isEqualTo(RetryPolicy.LONGEST_BACKOFF);
  }

  @Test
  void jitterSpreadsWaits() {
    assertThat(policy(0).waitAfter(1, FAILURE)).isEqualTo(Duration.ofMillis(250));
    assertThat(policy(1).waitAfter(1, FAILURE)).isEqualTo(Duration.ofMillis(750));
  }

  @Test
  void theServersWishGoesFirst() {
    RetryableException failure =
        new RetryableException("HTTP 429", Optional.of(Duration.ofSeconds(9)), null);

    assertThat(policy(0).waitAfter(1, failure)).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void retryAfterIsSecondsOrADateAndCapped() {
    assertThat(retryAfter("0")).contains(Duration.ZERO);
    assertThat(retryAfter(" 12 ")).contains(Duration.ofSeconds(12));
    assertThat(retryAfter("999999999")).contains(RetryPolicy.LONGEST_RETRY_AFTER);
    assertThat(retryAfter("Thu, 01 Jan 2026 00:01:00 GMT")).contains(Duration.ofMinutes(1));
    assertThat(retryAfter("Thu, 01 Jan 2099 00:01:00 GMT"))
        .contains(RetryPolicy.LONGEST_RETRY_AFTER);
    assertThat(retryAfter("Wed, 31 Dec 2025 00:00:00 GMT")).contains(Duration.ZERO);
  }

  @Test
  void anUnreadableRetryAfterIsNone() {
    for (String header : new String[] {"", "-1", "soon", "1.5", "99999999999999999999"}) {
      assertThat(retryAfter(header)).isEmpty();
    }
  }

  private static Optional<Duration> retryAfter(String header) {
    return policy(0).retryAfter(header);
  }
}
