package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.proto.stored.v1.RecordBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;

/**
 * Random journals of every kind of slot: records that chain, new terms, late records of old terms,
 * records that chain wrongly, garbage, gaps, rollbacks.
 */
final class JournalScript {
  private final Random random;
  private final SortedMap<Long, byte[]> slots;
  private final Replay replay = new Replay(TestFleet.VERIFIER);
  private final List<JournalState> states = new ArrayList<>();
  private long seq = 1;

  private JournalScript(Random random, SortedMap<Long, byte[]> slots) {
    this.random = random;
    this.slots = slots;
  }

  /** Fills {@code slots} from 1 to at most {@code last}; the last one is never a gap. */
  static void write(Random random, SortedMap<Long, byte[]> slots, int last) {
    JournalScript script = new JournalScript(random, slots);
    script.put(TestFleet.genesis().record().bytes());
    while (script.seq <= last) {
      script.step();
    }
  }

  private void put(ByteString bytes) {
    slots.put(seq, bytes.toByteArray());
    seq++;
    JournalState start = JournalState.beforeGenesis(TestFleet.ANCHOR);
    states.add(replay.fold(start, seq - 1, slot -> Optional.ofNullable(slots.get(slot))));
  }

  private void step() {
    JournalState now = states.getLast();
    JournalState earlier = states.get(random.nextInt(states.size()));
    int coordinator = random.nextInt(3);
    RecordDrafter drafter = TestFleet.drafter(coordinator, (int) seq);
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> put(drafter.startTerm(jumped(now)).record().bytes());
      case 3, 4, 5 -> put(signedByTermOf(now, now));
      case 6 -> put(signedByTermOf(earlier, earlier));
      case 7 -> put(ByteString.copyFrom(new byte[random.nextInt(3)]));
      case 8 -> put(rollback(drafter, earlier));
      case 9 -> seq += random.nextInt(2);
      default -> throw new AssertionError();
    }
  }

  /** As if nothing were damaged: what a writer that doesn't look would write. */
  private JournalState jumped(JournalState state) {
    return state.nextSeq() == seq && state.damage().isEmpty() ? state : state.jumpTo(seq);
  }

  private ByteString rollback(RecordDrafter drafter, JournalState target) {
    IncarnationId next = IncarnationId.of(TestFleet.id(1000 + (int) seq));
    return drafter.rollBack(target, seq, random.nextInt(4), next).record().bytes();
  }

  private ByteString signedByTermOf(JournalState state, JournalState chained) {
    JournalHead head = state.mustHead();
    ByteString certificate = head.signers().getLast().key().encoded();
    int coordinator = certificate.byteAt(certificate.size() - 1);
    RecordBody body =
        TestFleet.drafter(coordinator, 1).startTerm(jumped(chained)).record().body().toBuilder()
            .setTerm(head.authority().term())
            .clearMutations()
            .addMutations(TestFleet.mutation("slot " + seq))
            .build();
    return RecordCodec.encode(body, TestFleet.signer(coordinator));
  }
}
