package io.holdfast.agent.link;

import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.SeenStanding;

/** Whose orders this host obeys. Any thread. */
public interface OrderAuthority {
  /**
   * The highest authority obeyed or welcomed by, with the newest record seen of its journal, be it
   * in a welcome or in a receipt; the default message before any.
   */
  Authority highest();

  /**
   * A coordinator introduces itself. FENCED if a higher one was seen; remembered durably otherwise.
   * A coordinator whose journal is shorter or other than one seen is remembered as such and not
   * refused here.
   *
   * @param shown what {@link #highest} was when this host said hello
   * @param standing what the coordinator says of the record that {@code shown} names
   */
  void welcome(Authority authority, Authority shown, SeenStanding standing);

  /**
   * FENCED if an order of {@code authority} is too old to be obeyed; JOURNAL_ROLLED_BACK if {@code
   * writesHere} and that coordinator's journal is shorter or other than one seen: what only adds to
   * the repository goes on. Remembered durably otherwise.
   */
  void obey(Authority authority, boolean writesHere);
}
