package io.holdfast.agent.tree;

/** What to do about an entry of the same kind that stands under the final name already. */
public enum ConflictMode {
  /** Keep it as it is. What else appears there while the entry is written is kept too. */
  SKIP_EXISTING,
  /** Keep a file of the same size and modification time (or content, if compared). */
  OVERWRITE_IF_DIFFERENT,
  /** Put the restored entry in its place. */
  ALWAYS
}
