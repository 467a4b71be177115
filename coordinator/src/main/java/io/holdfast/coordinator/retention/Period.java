package io.holdfast.coordinator.retention;

/** The rhythms in which a policy keeps snapshots: one of each, for the newest so many of them. */
public enum Period {
  /** Every point of time that has a snapshot is a bucket of its own. */
  LAST("last", "moment"),
  HOURLY("hourly", "hour"),
  DAILY("daily", "day"),
  /** Weeks begin on Monday. */
  WEEKLY("weekly", "week"),
  MONTHLY("monthly", "month"),
  YEARLY("yearly", "year");

  private final String word;
  private final String bucket;

  Period(String word, String bucket) {
    this.word = word;
    this.bucket = bucket;
  }

  /** As it is written in policies, behind "keep": {@code last}, {@code hourly}. */
  public String word() {
    return word;
  }

  /** What one bucket of it is called: {@code moment}, {@code hour}. */
  public String bucket() {
    return bucket;
  }
}
