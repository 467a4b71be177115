package io.holdfast.agent.restore;

/** What becomes of something that is where an entry is to be restored. */
public enum Conflict {
  /** It stays, whatever it is. */
  SKIP,
  /** It stays if type, size and modification time (or link target, device) are the entry's. */
  OVERWRITE_IF_DIFFERENT,
  /** It is replaced. */
  ALWAYS
}
