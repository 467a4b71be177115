package io.holdfast.agent.backup;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/** What waiting parts of a run are told when another part has ended it. */
final class Cancelled {
  private Cancelled() {}

  static HoldfastException exception() {
    return new HoldfastException(ErrorCode.CANCELLED, "the backup was ended");
  }
}
