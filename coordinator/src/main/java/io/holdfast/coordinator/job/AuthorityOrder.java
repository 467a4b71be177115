package io.holdfast.coordinator.job;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.proto.wire.v1.Authority;

/** What an agent's memory of other coordinators says about this one. */
final class AuthorityOrder {
  private AuthorityOrder() {}

  /**
   * FENCED if {@code seen} by {@code host} is higher than {@code own}. Incarnations are compared
   * for equality only: which one is newer, only the journal knows.
   */
  static void refuseIfOutranked(HostId host, Authority seen, Authority own) {
    int epochs = Long.compareUnsigned(seen.getSiteEpochNumber(), own.getSiteEpochNumber());
    boolean sameJournal = epochs == 0 && seen.getIncarnation().equals(own.getIncarnation());
    boolean higherTerm = sameJournal && Long.compareUnsigned(seen.getTerm(), own.getTerm()) > 0;
    if (epochs > 0 || higherTerm) {
      throw new HoldfastException(
          ErrorCode.FENCED,
          "host "
              + host
              + " has obeyed site epoch "
              + Long.toUnsignedString(seen.getSiteEpochNumber())
              + ", term "
              + Long.toUnsignedString(seen.getTerm())
              + ", and this coordinator stands at site epoch "
              + Long.toUnsignedString(own.getSiteEpochNumber())
              + ", term "
              + Long.toUnsignedString(own.getTerm())
              + "; another coordinator leads, connect to that one");
    }
  }
}
