package io.holdfast.coordinator.retention;

import java.time.Instant;
import java.util.List;

/** What becomes of one snapshot. */
public sealed interface Decision {
  /** It stays. There is at least one reason. */
  record Keep(List<Reason> reasons) implements Decision {
    public Keep {
      reasons = List.copyOf(reasons);
      if (reasons.isEmpty()) {
        throw new IllegalArgumentException("a snapshot is kept for a reason");
      }
    }
  }

  /** No rule keeps it: it is to be deleted, with an undo. */
  record Expire() implements Decision {}

  /** The rules had deleted it and would keep it now: the deletion is to be undone. */
  record Undelete(List<Reason> reasons) implements Decision {
    public Undelete {
      reasons = List.copyOf(reasons);
    }
  }

  /** It is deleted already and can still be had back. */
  record Await(Instant undoUntil) implements Decision {}

  /** Its undo is over: it may be forgotten. */
  record Drop() implements Decision {}
}
