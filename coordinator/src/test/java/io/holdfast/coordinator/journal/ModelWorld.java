package io.holdfast.coordinator.journal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One world of {@link JournalModel}: a value, cheap to compare, in which records, states and phases
 * are numbers. Each method gives the world after one change.
 *
 * @param slots record of each slot from 1, or {@link #HOLE}
 * @param loose slots (from 0) that a power cut takes
 * @param late records whose request may still land
 * @param counted records that some reader took for valid
 * @param faults how many may still happen
 * @param strays how many records the dishonest coordinator may still write
 * @param cut whether the power failed
 */
record ModelWorld(
    List<Integer> slots,
    Set<Integer> loose,
    Set<Integer> late,
    List<Member> members,
    Set<Integer> acknowledged,
    Set<Integer> rejected,
    Set<Integer> counted,
    int faults,
    int strays,
    boolean cut) {
  static final int HOLE = -1;
  static final int FOLLOWING = -1;

  /** Where a create stands between coordinator and vault. */
  enum Call {
    NONE,
    SENT,
    CREATED,
    EXISTED
  }

  /**
   * One coordinator.
   *
   * @param reader the state after what it read or wrote
   * @param phase of its append, or {@link #FOLLOWING}
   * @param led whether its opening record stands
   * @param broken whether a sync of its vault failed
   */
  record Member(
      int reader, int phase, Call call, int leaderships, int appends, boolean led, boolean broken) {
    static Member fresh(int reader, int leaderships) {
      return new Member(reader, FOLLOWING, Call.NONE, leaderships, 0, false, false);
    }

    Member at(int newPhase, Call newCall) {
      return new Member(reader, newPhase, newCall, leaderships, appends, led, broken);
    }

    Member follows(int newReader) {
      return new Member(newReader, FOLLOWING, Call.NONE, leaderships, 0, false, broken);
    }

    Member leads(int newReader, int newPhase) {
      return new Member(newReader, newPhase, Call.NONE, leaderships, appends, true, broken);
    }

    Member begins(int newPhase, int newLeaderships, int newAppends) {
      return new Member(reader, newPhase, Call.NONE, newLeaderships, newAppends, led, broken);
    }

    Member breaks() {
      return new Member(reader, phase, call, leaderships, appends, led, true);
    }
  }

  boolean isFree(int slot) {
    return slot >= slots.size() || slots.get(slot) == HOLE;
  }

  ModelWorld member(int index, Member member) {
    List<Member> changed = new ArrayList<>(members);
    changed.set(index, member);
    return new ModelWorld(
        slots,
        loose,
        late,
        List.copyOf(changed),
        acknowledged,
        rejected,
        counted,
        faults,
        strays,
        cut);
  }

  private ModelWorld disk(List<Integer> newSlots, Set<Integer> newLoose, boolean newCut) {
    return new ModelWorld(
        List.copyOf(newSlots),
        Set.copyOf(newLoose),
        late,
        members,
        acknowledged,
        rejected,
        counted,
        faults,
        strays,
        newCut);
  }

  /** A synced create makes durable whatever was loose in the directory, as fsync of it does. */
  ModelWorld put(int slot, int record, boolean synced, boolean overwrites) {
    List<Integer> changed = new ArrayList<>(slots);
    Set<Integer> changedLoose = new HashSet<>(loose);
    while (changed.size() <= slot) {
      changed.add(HOLE);
    }
    if (changed.get(slot) == HOLE || overwrites) {
      changed.set(slot, record);
      changedLoose.add(slot);
    }
    return disk(changed, synced ? Set.of() : changedLoose, cut);
  }

  ModelWorld powerFails() {
    List<Integer> kept = new ArrayList<>();
    for (int slot = 0; slot < slots.size(); slot++) {
      kept.add(loose.contains(slot) ? HOLE : slots.get(slot));
    }
    while (kept.getLast() == HOLE) {
      kept.removeLast();
    }
    return disk(kept, Set.of(), true);
  }

  ModelWorld late(int record, boolean isLate) {
    Set<Integer> changed = new HashSet<>(late);
    if (isLate) {
      changed.add(record);
    } else {
      changed.remove(record);
    }
    return new ModelWorld(
        slots,
        loose,
        Set.copyOf(changed),
        members,
        acknowledged,
        rejected,
        counted,
        faults,
        strays,
        cut);
  }

  private ModelWorld known(
      Set<Integer> newAcknowledged, Set<Integer> newRejected, Set<Integer> newCounted) {
    return new ModelWorld(
        slots, loose, late, members, newAcknowledged, newRejected, newCounted, faults, strays, cut);
  }

  ModelWorld counts(int record) {
    return known(acknowledged, rejected, with(counted, record));
  }

  ModelWorld acknowledges(int record) {
    return known(with(acknowledged, record), rejected, with(counted, record));
  }

  ModelWorld rejects(int record) {
    return known(acknowledged, with(rejected, record), counted);
  }

  private ModelWorld left(int newFaults, int newStrays) {
    return new ModelWorld(
        slots, loose, late, members, acknowledged, rejected, counted, newFaults, newStrays, cut);
  }

  ModelWorld spendFault() {
    return left(faults - 1, strays);
  }

  ModelWorld spendStray() {
    return left(faults, strays - 1);
  }

  private static Set<Integer> with(Set<Integer> set, int one) {
    if (set.contains(one)) {
      return set;
    }
    Set<Integer> both = new HashSet<>(set);
    both.add(one);
    return Set.copyOf(both);
  }
}
