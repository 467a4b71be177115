package io.holdfast.coordinator.vault;

/** What a vault has to show before it is trusted. */
public enum VaultCheck {
  CREATE_TWICE("a second create of a name changes nothing and says so"),
  READ_BACK("what was created is read back, by every member, with its length"),
  LIST_AFTER_CREATE("a name is listed as soon as it was created"),
  RACE("of many creators of one name exactly one wins, and its bytes are there"),
  DELETE_THEN_CREATE("a deleted name is gone, and free"),
  PUBLISH("a large object is invisible until it is finished, then whole at every offset");

  private final String claim;

  VaultCheck(String claim) {
    this.claim = claim;
  }

  /** The property in words. */
  public String claim() {
    return claim;
  }
}
