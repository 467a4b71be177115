package io.holdfast.agent.source;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;

/** What a failed call on one file means for the snapshot. */
final class HostFailures {
  private HostFailures() {}

  static SourceFailure content(PosixException cause) {
    int reason = io.holdfast.agent.walk.GapReason.ofEntry(cause.number()).number();
    return failure(GapReason.find(reason).orElse(GapReason.UNREADABLE), cause);
  }

  static SourceFailure xattrs(PosixException cause) {
    GapReason reason =
        switch (cause.errno()) {
          case ENOENT, ESTALE -> GapReason.VANISHED;
          default -> GapReason.XATTRS_UNREADABLE;
        };
    return failure(reason, cause);
  }

  private static SourceFailure failure(GapReason reason, PosixException cause) {
    int errno = Math.clamp(cause.number(), 0, Gap.MAX_ERRNO);
    return new SourceFailure(new Gap(reason, errno), cause.getMessage());
  }
}
