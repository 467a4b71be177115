package io.holdfast.deploy.sim;

/** What lives and dies together. */
final class SimProcess {
  private final String name;
  private boolean alive = true;

  SimProcess(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  boolean isAlive() {
    return alive;
  }

  /** None of its threads runs again. */
  void kill() {
    alive = false;
  }
}
