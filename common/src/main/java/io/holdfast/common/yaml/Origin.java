package io.holdfast.common.yaml;

/**
 * Where something stands: a line and a column of a file (both from 1), or something else in words
 * (line 0).
 */
public record Origin(String name, int line, int column) {
  /** A place that is no file. */
  public static Origin words(String name) {
    return new Origin(name, 0, 0);
  }

  /** With the column too, for texts in which a line holds more than a key and its value. */
  public String exact() {
    return line == 0 ? name : name + ":" + line + ":" + column;
  }

  @Override
  public String toString() {
    return line == 0 ? name : name + ":" + line;
  }
}
