package io.holdfast.common.identity;

/**
 * What a signature is for. The label is signed with the message, so that a signature made for one
 * use can't be shown for another (FORMAT.md, section 7). Labels are never changed or reused.
 */
public enum SigningDomain {
  JOURNAL_RECORD("holdfast v1 journal record"),
  COMMIT("holdfast v1 commit"),
  RECEIPT("holdfast v1 receipt"),
  SNAPSHOT_COPY("holdfast v1 snapshot copy"),
  /** Reserved: what one site will say to another of what it proved. Nothing signs it yet. */
  PROOF_STATEMENT("holdfast v1 proof statement"),
  ENROLMENT("holdfast v1 enrolment"),
  REPOSITORY_RECOVERY("holdfast v1 repository recovery"),
  HOST_KEYS("holdfast v1 host keys"),
  FORMER_HOST("holdfast v1 former host"),
  HOST_MOVED("holdfast v1 host moved");

  private final String label;

  SigningDomain(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
