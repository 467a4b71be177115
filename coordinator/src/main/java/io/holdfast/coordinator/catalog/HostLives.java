package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import java.nio.ByteBuffer;

/**
 * How many live snapshots a host has, and what was done to them last.
 *
 * @param live now: scheduled ones (8) and others (8)
 * @param gone of them by the newest record that deleted or dropped any (8, 8): all deletions of one
 *     record are judged together
 * @param actSeq that record's seq (8)
 * @param actView seq (8) of the view by which it was decided
 */
record HostLives(Count live, Count gone, long actSeq, long actView) {
  private static final HostLives NONE = new HostLives(Count.NONE, Count.NONE, 0, 0);

  /** Snapshots that a schedule ordered, and others. */
  record Count(long scheduled, long others) {
    static final Count NONE = new Count(0, 0);

    static Count read(ByteBuffer in) {
      return new Count(in.getLong(), in.getLong());
    }

    void write(ByteBuffer out) {
      out.putLong(scheduled).putLong(others);
    }

    long all() {
      return scheduled + others;
    }

    Count plus(boolean isScheduled, long change) {
      return isScheduled
          ? new Count(scheduled + change, others)
          : new Count(scheduled, others + change);
    }

    Count plus(Count other) {
      return new Count(scheduled + other.scheduled, others + other.others);
    }

    Count minus(Count other) {
      return new Count(scheduled - other.scheduled, others - other.others);
    }
  }

  static HostLives of(HostId host, Effects effects) {
    return effects.get(Families.HOST_LIVES, host.toByteArray()).map(HostLives::of).orElse(NONE);
  }

  static HostLives of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    return new HostLives(Count.read(in), Count.read(in), in.getLong(), in.getLong());
  }

  void put(HostId host, Effects effects) {
    ByteBuffer out = ByteBuffer.allocate(6 * Long.BYTES);
    live.write(out);
    gone.write(out);
    out.putLong(actSeq).putLong(actView);
    effects.put(Families.HOST_LIVES, host.toByteArray(), out.array());
  }

  HostLives added(boolean isScheduled) {
    return new HostLives(live.plus(isScheduled, 1), gone, actSeq, actView);
  }

  /** After {@code deleted} of them were deleted by the record at {@code seq}, or some dropped. */
  HostLives acted(Count deleted, long seq, long view) {
    return new HostLives(live.minus(deleted), goneBy(seq).plus(deleted), seq, view);
  }

  private Count goneBy(long seq) {
    return actSeq == seq ? gone : Count.NONE;
  }

  /** Whether something was done after {@code view}, unless by this same decision. */
  boolean isActedOnSince(long view, long seq) {
    boolean isSameDecision = actSeq == seq && actView == view;
    return Long.compareUnsigned(actSeq, view) > 0 && !isSameDecision;
  }

  /**
   * How many would go by the record at {@code seq}, if that is more than half, once {@code more} go
   * by it too; else 0. Of the scheduled ones by themselves, and of all: a thousand that a host made
   * must not make the loss of the others look like little.
   */
  long fall(Count more, long seq) {
    Count there = live.plus(goneBy(seq));
    Count going = goneBy(seq).plus(more);
    long scheduled = 2 * going.scheduled() > there.scheduled() ? going.scheduled() : 0;
    boolean isFallOfAll = there.others() > 0 && 2 * going.all() > there.all();
    return isFallOfAll ? going.all() : scheduled;
  }
}
