package io.holdfast.coordinator.leadership;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.SlotOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A vault's journal that keeps its promises and nothing more: loses answers, lets requests land
 * late, is full, fails to sync (the record is seen, and gone after a power cut), doesn't answer
 * reads, lists less than there is; and runs the rest of the world in the middle of a call.
 */
final class HostileSlots {
  private final Random random;
  private final TreeMap<Long, ByteString> slots = new TreeMap<>();
  private final Set<Long> loose = new TreeSet<>();
  private final Map<Long, ByteString> taken = new HashMap<>();
  private final List<Map.Entry<Long, ByteString>> late = new ArrayList<>();
  private boolean hostile = true;
  private boolean overwrites;
  private Runnable meanwhile = () -> {};

  HostileSlots(Random random) {
    this.random = random;
  }

  /** What else happens while somebody waits for the vault. */
  void meanwhile(Runnable others) {
    meanwhile = others;
  }

  /** Plants the fault of a store without conditional create. */
  void overwrite() {
    overwrites = true;
  }

  /** From now on nothing can be relied on that isn't promised. */
  void rage() {
    hostile = true;
  }

  /** From now on everything works, and what a power cut took is restored from a copy. */
  void calm() {
    hostile = false;
    late.clear();
    loose.clear();
    taken.forEach(slots::putIfAbsent);
  }

  Map<Long, ByteString> slots() {
    return slots;
  }

  /** What the disk holds when the power fails now. */
  void cutPower() {
    loose.forEach(seq -> taken.put(seq, slots.remove(seq)));
    loose.clear();
  }

  void landLate() {
    if (!late.isEmpty()) {
      var request = late.remove(random.nextInt(late.size()));
      put(request.getKey(), request.getValue(), true);
    }
  }

  /** Sets the vault back to an earlier day. */
  void truncate(long last) {
    slots.tailMap(last, false).clear();
    late.clear();
    loose.clear();
    taken.clear();
  }

  private boolean chance(int percent) {
    return hostile && random.nextInt(100) < percent;
  }

  private boolean put(long seq, ByteString record, boolean synced) {
    boolean free = !slots.containsKey(seq);
    if (free || overwrites) {
      slots.put(seq, record);
      loose.add(seq);
    }
    if (synced) {
      loose.clear();
    }
    return free;
  }

  /** The vault as one coordinator reaches it. */
  final class Client implements JournalSlots {
    private boolean syncFailed;

    @Override
    public SlotOutcome create(long seq, byte[] bytes) {
      ByteString record = ByteString.copyFrom(bytes);
      meanwhile.run();
      if (syncFailed) {
        return new SlotOutcome.Unknown("the directory's sync failed before");
      }
      if (chance(4)) {
        return new SlotOutcome.Full("no space");
      }
      if (chance(5)) {
        late.add(Map.entry(seq, record));
        return new SlotOutcome.Unknown("timed out");
      }
      if (chance(2)) {
        syncFailed = true;
        put(seq, record, false);
        return random.nextBoolean()
            ? new SlotOutcome.SyncFailed("EIO")
            : new SlotOutcome.Unknown("EIO");
      }
      boolean created = put(seq, record, true);
      meanwhile.run();
      if (chance(6)) {
        return new SlotOutcome.Unknown("the answer was lost");
      }
      return created || overwrites ? new SlotOutcome.Created() : new SlotOutcome.Exists();
    }

    @Override
    public Optional<byte[]> read(long seq) {
      meanwhile.run();
      if (chance(3)) {
        throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "no answer");
      }
      return Optional.ofNullable(slots.get(seq)).map(ByteString::toByteArray);
    }

    @Override
    public long highestListed(long above) {
      if (chance(3)) {
        throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "no answer");
      }
      long highest = slots.isEmpty() ? 0 : slots.lastKey();
      return Math.max(above, chance(20) ? random.nextLong(highest + 1) : highest);
    }
  }
}
