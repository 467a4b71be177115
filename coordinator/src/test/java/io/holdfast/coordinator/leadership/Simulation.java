package io.holdfast.coordinator.leadership;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.coordinator.journal.HeadMemory;
import io.holdfast.coordinator.journal.JournalClaims;
import io.holdfast.coordinator.journal.JournalFounding;
import io.holdfast.coordinator.journal.JournalPorts;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.NoCatalog;
import io.holdfast.coordinator.journal.RecordConsumer;
import io.holdfast.coordinator.journal.TestCatalog;
import io.holdfast.coordinator.journal.TestFleet;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RepositoryMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;

/**
 * Three whole coordinators, a hostile vault and lying hints in one thread under one seed. A
 * coordinator may be stopped in the middle of any call to the vault while the others go on.
 */
final class Simulation {
  private static final int COORDINATORS = 3;
  private static final LeadershipPace PACE = LeadershipPace.standard();

  private final Random random;
  private final ManualTime time = new ManualTime(Instant.ofEpochSecond(1_000_000));
  private final HostileSlots vault;
  private final List<Coordinator> coordinators = new ArrayList<>();
  private final Map<Long, Set<RecordHash>> acknowledged = new HashMap<>();
  private final Set<Mutation> notWritten = new HashSet<>();
  private UnaryOperator<JournalSlots> view = UnaryOperator.identity();
  private int appends;
  private long highestAcknowledged;

  Simulation(long seed) {
    this.random = new Random(seed);
    this.vault = new HostileSlots(random);
    vault.calm();
    found();
    for (int i = 0; i < COORDINATORS; i++) {
      coordinators.add(new Coordinator(i));
    }
  }

  /** Every coordinator sees the vault through {@code planted}. */
  Simulation through(UnaryOperator<JournalSlots> planted) {
    view = planted;
    coordinators.forEach(Coordinator::restart);
    return this;
  }

  HostileSlots vault() {
    return vault;
  }

  private Randomness randomness() {
    return random::nextBytes;
  }

  private JournalPorts ports(int coordinator, JournalSlots slots, RecordConsumer consumer) {
    return new JournalPorts(
        slots, TestFleet.signer(coordinator), TestFleet.VERIFIER, consumer, time, randomness());
  }

  private void found() {
    new JournalFounding(ports(0, vault.new Client(), new TestCatalog()))
        .create(
            new JournalFounding.Charter(
                TestFleet.REPOSITORY,
                TestFleet.FLEET,
                TestFleet.SITE,
                RepositoryMode.REPOSITORY_MODE_SHARED,
                TestFleet.ROOT),
            List.of());
  }

  /** Anything may happen, {@code steps} times. */
  void run(int steps) {
    vault.meanwhile(this::meanwhile);
    for (int i = 0; i < steps; i++) {
      step();
    }
  }

  private void step() {
    Coordinator one = coordinators.get(random.nextInt(COORDINATORS));
    int dice = random.nextInt(100);
    if (dice < 2) {
      one.hint = !one.hint;
    } else if (dice < 3) {
      one.crash();
    } else if (dice < 6) {
      vault.landLate();
    } else if (dice < 9) {
      time.advance(Duration.ofMillis(random.nextInt(3000)));
    } else if (dice < 40) {
      coordinators.forEach(Coordinator::append);
    } else {
      time.advance(Duration.ofMillis(random.nextInt(300)));
      one.poll();
    }
    check();
  }

  /** In the middle of somebody's call: the others go on, unless they wait themselves. */
  private void meanwhile() {
    if (random.nextInt(6) == 0) {
      Coordinator other = coordinators.get(random.nextInt(COORDINATORS));
      other.append();
      other.poll();
    }
  }

  private void check() {
    coordinators.forEach(Coordinator::collect);
    JournalClaims.neverTwoCommittersForOneSlot(acknowledged);
  }

  /** Claims over the whole journal. */
  void checkJournal() {
    JournalClaims.honestWritersCauseNoDamage(vault.slots());
    JournalClaims.anAcknowledgedRecordIsValid(vault.slots(), acknowledged);
    for (Coordinator coordinator : coordinators) {
      JournalClaims.everyReaderAgreesOnEveryPrefix(vault.slots(), coordinator.catalog.state());
      JournalClaims.claim(
          "whatWasReportedAsNotWrittenNeverCounts",
          coordinator.catalog.mutations().stream().noneMatch(notWritten::contains),
          "coordinator " + coordinator.number);
    }
  }

  /** The vault works, one coordinator has the hint: everybody comes to the same end. */
  void settle() {
    vault.calm();
    vault.meanwhile(() -> {});
    for (Coordinator coordinator : coordinators) {
      coordinator.crash();
      coordinator.hint = coordinator.number == 0;
    }
    Coordinator first = coordinators.getFirst();
    pollAll(60);
    JournalClaims.aQuietJournalGetsALeader(
        first.leads(), coordinators.stream().map(one -> one.leadership.state()).toList() + "");
    first.append();
    pollAll(60);
    check();
    for (Coordinator coordinator : coordinators) {
      JournalClaims.claim(
          "allCatalogsComeToTheSame",
          coordinator.catalog.slots().equals(first.catalog.slots()),
          "coordinator " + coordinator.number);
    }
  }

  void pollAll(int rounds) {
    for (int i = 0; i < rounds; i++) {
      time.advance(Duration.ofMillis(200));
      coordinators.forEach(Coordinator::poll);
    }
  }

  /** All coordinators stop, the vault is set back, they start again, each with a hint. */
  void setBack(long last) {
    vault.calm();
    vault.meanwhile(() -> {});
    vault.truncate(last);
    for (Coordinator coordinator : coordinators) {
      coordinator.hint = true;
      coordinator.restart();
    }
  }

  /** Nobody who saw more than the vault now holds leads. */
  void checkNobodyForgets() {
    long last = vault.slots().keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    for (Coordinator coordinator : coordinators) {
      if (coordinator.saw() > last) {
        JournalClaims.claim(
            "nobodyLeadsAJournalThatForgot",
            coordinator.leadership.state() instanceof LeadershipState.Blocked blocked
                && blocked.cause().code() == ErrorCode.JOURNAL_ROLLED_BACK,
            "coordinator " + coordinator.number + " is " + coordinator.leadership.state());
      }
    }
  }

  /** An operator accepts the loss; what was acknowledged above is gone by their word. */
  void acceptRollback() {
    long shown = coordinators.stream().mapToLong(Coordinator::saw).max().orElseThrow();
    long kept =
        new JournalFounding(ports(7, vault.new Client(), new NoCatalog()))
            .acceptRollback(TestFleet.ANCHOR, OptionalLong.empty(), shown)
            .mustHead()
            .rollbacks()
            .getLast()
            .lastValidSeq();
    acknowledged.keySet().removeIf(seq -> seq > kept);
    highestAcknowledged = Math.min(highestAcknowledged, kept);
  }

  long lastSlot() {
    return vault.slots().keySet().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** One process, its catalog and its memory on disk. */
  private final class Coordinator {
    private final int number;
    private final FileSystem disk = LossyDisk.seeded(random.nextLong()).mount();
    private final List<Append> waiting = new ArrayList<>();
    private TestCatalog catalog = new TestCatalog();
    private Leadership leadership;
    private boolean hint;
    private boolean inCall;

    Coordinator(int number) {
      this.number = number;
      start();
    }

    private void start() {
      HeadMemory memory = HeadMemory.open(disk, Path.of("/head"), time);
      leadership =
          new Leadership(
              ports(number, view.apply(vault.new Client()), catalog),
              catalog.state(),
              memory,
              new LyingHint(),
              PACE);
    }

    /** A clean stop and start. */
    void restart() {
      leadership.close();
      collect();
      start();
    }

    /** Loses the process, and sometimes the catalog with it. */
    void crash() {
      if (inCall) {
        return;
      }
      collect();
      waiting.clear();
      if (random.nextInt(3) == 0) {
        catalog = new TestCatalog();
      }
      start();
    }

    boolean leads() {
      return leadership.state() instanceof LeadershipState.Leading;
    }

    long saw() {
      return Math.max(
          catalog.lastSeq(),
          HeadMemory.open(disk, Path.of("/head"), time)
              .seen()
              .map(mark -> mark.slot().seq())
              .orElse(0L));
    }

    void poll() {
      if (inCall) {
        return;
      }
      long known = highestAcknowledged;
      boolean contended = leadership.state() instanceof LeadershipState.Contending;
      inCall = true;
      leadership.poll();
      inCall = false;
      if (!contended && leadership.state() instanceof LeadershipState.Contending) {
        JournalClaims.whoContendsKnowsAllThatWasAcknowledged(catalog.lastSeq(), known);
      }
      collect();
    }

    void append() {
      if (!leads() || waiting.size() > 3) {
        return;
      }
      Mutation mutation = TestFleet.mutation("append " + appends++);
      try {
        waiting.add(new Append(mutation, leadership.append(List.of(mutation))));
      } catch (HoldfastException e) {
        JournalClaims.claim("onlyALeaderThatStopsRefuses", e.code() == ErrorCode.FENCED, "" + e);
      }
    }

    void collect() {
      waiting.removeIf(append -> {
        if (append.future().isDone()) {
          collect(append);
        }
        return append.future().isDone();
      });
    }

    private void collect(Append append) {
      try {
        Appended appended = append.future().join();
        acknowledged
            .computeIfAbsent(appended.slot().seq(), seq -> new HashSet<>())
            .add(appended.slot().hash());
        highestAcknowledged = Math.max(highestAcknowledged, appended.slot().seq());
        ByteString there = vault.slots().get(appended.slot().seq());
        JournalClaims.claim(
            "anAcknowledgedRecordIsInItsSlot", there != null, "slot " + appended.slot().seq());
      } catch (CompletionException e) {
        HoldfastException cause = (HoldfastException) e.getCause();
        if (cause.code() == ErrorCode.VAULT_FULL) {
          notWritten.add(append.mutation());
        }
      }
    }

    private final class LyingHint implements LeadershipHint {
      @Override
      public boolean tryHold() {
        return hint;
      }

      @Override
      public boolean isHeld() {
        return hint;
      }

      @Override
      public void release() {}
    }
  }

  private record Append(Mutation mutation, CompletableFuture<Appended> future) {}
}
