package io.holdfast.deploy.sim;

/** What lives and dies together. */
final class Process {
  private final String name;
  private boolean alive = true;

  Process(String name) {
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
