package io.holdfast.coordinator.sweep;

/**
 * Why a sweep left something that could go.
 *
 * @param what and where, and what to do, for people; figures in it change from sweep to sweep
 */
public record Waiting(Reason reason, String what) {
  /** Kinds of reasons. */
  public enum Reason {
    /** So much would go that somebody should have a look. */
    MUCH,
    /** Pages are lost, and nobody knows what they named. */
    LOST_PAGES,
    /** Footers of packs can't be read. */
    UNREADABLE,
    /** Something was condemned that is needed; what could be read of it was saved. */
    STILL_NEEDED,
    /** Objects lie in the vault that no record names, and may be what a rollback took. */
    UNNAMED,
    /** Packs could have been deleted long ago, but for something. */
    OVERDUE,
    /** The clock is in doubt: whose time is up can't be told. */
    CLOCK,
    /** The sweep was given up. */
    FAILED
  }

  /** {@code what} could go, and stays, since nobody knows how late it is. */
  static Waiting forClock(String what, String doubt) {
    return new Waiting(
        Reason.CLOCK,
        what
            + " could go and stay, since "
            + doubt
            + "; if it is right, run `holdfast clock confirm`");
  }
}
