package io.holdfast.agent.tree;

/** Why an entry isn't in the target, or isn't there as the snapshot has it. */
public enum DifferenceReason {
  /** The path would leave the target, or can't be one ({@code ..}, empty, NUL, too long). */
  UNSAFE_PATH(true),
  /** Something of another kind stands under the final name. */
  OTHER_KIND_IN_THE_WAY(true),
  /** A component on the way isn't a directory, or is a symbolic link. */
  PARENT_NOT_A_DIRECTORY(true),
  /** Device nodes weren't allowed; sockets never are. */
  KIND_NOT_ALLOWED(true),
  /** The first name of a hard link isn't in the target. */
  LINK_SOURCE_MISSING(true),
  /** The system refused to make or write the entry. */
  NOT_WRITTEN(true),
  /** The content ended or was given up before it was complete. */
  GIVEN_UP(true),
  OWNER_NOT_SET(false),
  MODE_NOT_SET(false),
  /** Set-id bits or capabilities were left out. */
  SET_ID_LEFT_OUT(false),
  XATTR_NOT_SET(false),
  TIME_NOT_SET(false);

  private final boolean missing;

  DifferenceReason(boolean missing) {
    this.missing = missing;
  }

  /** Whether the entry itself is missing, rather than something about it. */
  public boolean isMissing() {
    return missing;
  }
}
