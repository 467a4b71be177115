package io.holdfast.coordinator.policy;

/** What is known of a host besides its labels. */
public enum Fact {
  /** The name that people call it by. */
  HOSTNAME("hostname"),
  /** The operating system in small letters, without its version: linux. */
  OS("os"),
  OS_VERSION("osVersion"),
  /** Such as amd64 or aarch64. */
  ARCH("arch"),
  /** The host's id, 32 digits. */
  ID("id");

  private final String key;

  Fact(String key) {
    this.key = key;
  }

  /** As in a document. */
  public String key() {
    return key;
  }
}
