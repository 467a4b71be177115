package io.holdfast.common.config;

/** Where a value stands: a line of a file (from 1), or something else in words (line 0). */
record Origin(String name, int line) {
  static final Origin DEFAULT = new Origin("default", 0);

  @Override
  public String toString() {
    return line == 0 ? name : name + ":" + line;
  }
}
