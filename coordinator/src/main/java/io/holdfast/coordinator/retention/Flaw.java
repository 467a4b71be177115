package io.holdfast.coordinator.retention;

/** Why a snapshot doesn't count: it keeps no bucket and displaces nothing. */
public enum Flaw {
  DELETED("was deleted"),
  DATED_AHEAD("is dated ahead of the clock"),
  ARRIVED_LATE("arrived after a newer one from its site"),
  DAMAGED("lacks something it needs"),
  ERASED("was erased with its host"),
  SUSPECT("is suspect"),
  GAPS("has more gaps than the policy allows"),
  UNPROVEN("isn't proven yet"),
  UNCHECKED("isn't checked yet");

  private final String words;

  Flaw(String words) {
    this.words = words;
  }

  /** Said of the snapshot: "is suspect". */
  public String words() {
    return words;
  }
}
