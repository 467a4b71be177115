package io.holdfast.coordinator.sweep.model;

/**
 * A host's session.
 *
 * @param status whether it is open
 * @param base the root it merges with, plus one; 0 for none
 * @param walked the root whose walk has passed and whose record is to come, plus one; 0 for none
 */
record Session(Status status, int base, int walked) {
  /** Whether a host has a session. */
  enum Status {
    NONE(0),
    OPEN(1),
    /** Closed by record, and its host doesn't know. */
    SILENT(2);

    private final int code;

    Status(int code) {
      this.code = code;
    }
  }

  static final Session NONE = new Session(Status.NONE, 0, 0);

  static Session open(int base) {
    return new Session(Status.OPEN, base, 0);
  }

  boolean isOpen() {
    return status == Status.OPEN;
  }

  Session silenced() {
    return new Session(Status.SILENT, 0, walked);
  }

  Session walked(int root) {
    return new Session(status, base, root + 1);
  }

  int code() {
    return status.code | base << 2 | walked << 6;
  }
}
