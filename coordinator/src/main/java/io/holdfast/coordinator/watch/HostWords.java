package io.holdfast.coordinator.watch;

/** What people call hosts. */
final class HostWords {
  private HostWords() {}

  /** A host chooses its name itself. */
  static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }
}
