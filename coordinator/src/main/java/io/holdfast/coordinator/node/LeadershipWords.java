package io.holdfast.coordinator.node;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.leadership.LeadershipState;

/** Where a coordinator stands, for operators. */
final class LeadershipWords {
  private LeadershipWords() {}

  static String of(LeadershipState state) {
    return switch (state) {
      case LeadershipState.Leading leading -> "leading";
      case LeadershipState.Following following ->
          "not leading: this coordinator follows the journal and serves nobody until it leads";
      case LeadershipState.Contending contending ->
          "not leading: this coordinator is opening a term";
      case LeadershipState.Blocked(HoldfastException cause) ->
          "not leading, " + cause.code() + ": " + cause.getMessage();
      case LeadershipState.Closed closed -> "not leading: this coordinator is stopping";
    };
  }
}
