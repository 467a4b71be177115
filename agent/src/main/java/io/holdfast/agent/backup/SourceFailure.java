package io.holdfast.agent.backup;

import io.holdfast.common.entry.Gap;

/** A file of the host could not be read: one gap, never the end of the run. */
public final class SourceFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Gap gap;

  public SourceFailure(Gap gap, String message) {
    super(message);
    this.gap = gap;
  }

  public Gap gap() {
    return gap;
  }
}
