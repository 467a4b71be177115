package io.holdfast.deploy.sim;

/** What a broken claim is. */
final class Claims {
  private Claims() {}

  /** A claim doesn't hold. */
  static final class Broken extends AssertionError {
    private static final long serialVersionUID = 1L;

    Broken(String claim, String how) {
      super(claim + ": " + how);
    }
  }

  static void claim(String claim, boolean holds, String how) {
    if (!holds) {
      throw new Broken(claim, how);
    }
  }
}
