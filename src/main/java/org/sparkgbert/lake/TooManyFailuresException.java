package org.sparkgbert.lake;

/** More rows failed than allowed; nothing was written. */
public final class TooManyFailuresException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param failed rows that failed
   * @param rows all rows
   * @param maxShare share of them that may fail
   * @param firstError why one of them failed
   */
  public TooManyFailuresException(long failed, long rows, double maxShare, String firstError) {
    super(
        "Cannot write table: %d of %d rows failed, more than %s %%; nothing was written. First reason: %s"
            .formatted(failed, rows, percent(maxShare), firstError));
  }

  private static String percent(double share) {
    return new java.math.BigDecimal(Double.toString(share))
        .movePointRight(2)
        .stripTrailingZeros()
        .toPlainString();
  }
}
