package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.approve;
import static io.holdfast.coordinator.catalog.JournalScript.commit;
import static io.holdfast.coordinator.catalog.JournalScript.commitScheduled;
import static io.holdfast.coordinator.catalog.JournalScript.coordinator;
import static io.holdfast.coordinator.catalog.JournalScript.data;
import static io.holdfast.coordinator.catalog.JournalScript.delete;
import static io.holdfast.coordinator.catalog.JournalScript.drop;
import static io.holdfast.coordinator.catalog.JournalScript.enrol;
import static io.holdfast.coordinator.catalog.JournalScript.hold;
import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.lose;
import static io.holdfast.coordinator.catalog.JournalScript.open;
import static io.holdfast.coordinator.catalog.JournalScript.pack;
import static io.holdfast.coordinator.catalog.JournalScript.page;
import static io.holdfast.coordinator.catalog.JournalScript.prove;
import static io.holdfast.coordinator.catalog.JournalScript.proveSnapshots;
import static io.holdfast.coordinator.catalog.JournalScript.readWhole;
import static io.holdfast.coordinator.catalog.JournalScript.release;
import static io.holdfast.coordinator.catalog.JournalScript.run;
import static io.holdfast.coordinator.catalog.JournalScript.session;
import static io.holdfast.coordinator.catalog.JournalScript.snapshot;
import static io.holdfast.coordinator.catalog.JournalScript.startTerm;
import static io.holdfast.coordinator.catalog.JournalScript.token;
import static io.holdfast.coordinator.catalog.JournalScript.undelete;
import static io.holdfast.coordinator.catalog.JournalScript.verified;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.Bytes32;
import io.holdfast.coordinator.catalog.JournalScript.Deleting;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.coordinator.catalog.store.RocksConfig;
import io.holdfast.coordinator.catalog.store.RocksStore;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One journal, one catalog: whatever the store, and however often it stops on the way. */
class DeterminismTest {
  /** So small that RocksDB flushes by itself now and then, between any two records. */
  static final RocksConfig TINY = new RocksConfig(1 << 20, 1 << 20, 64, 1);

  @TempDir Path directory;

  @Test
  void aFixedJournalShouldComeToAFixedDigest() {
    assertEquals(
        Bytes32.parse("b2e03bc41b596853763e5da092291311aadfcd8416b6f1744ddb627f1297caea"),
        Digests.of(literal()),
        "the layout of a row or of the digest changed: raise Catalog.FORMAT and set this anew");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyStoreShouldComeToTheSameDigestAfterEachRecord(long seed) {
    JournalScript journal = RandomJournal.of(seed, 40);
    List<Bytes32> expected = Digests.afterEach(journal);
    try (Catalog catalog = rocks(journal)) {
      for (AppliedRecord record : journal.records()) {
        catalog.apply(record);
        assertEquals(expected.get((int) record.seq()), Digests.of(catalog), "seed " + seed);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void stopsAndFlushesShouldMakeNoDifference(long seed) {
    JournalScript journal = RandomJournal.of(seed, 150);
    assertEquals(Digests.of(journal), withStops(journal, seed, () -> rocks(journal)), "in RocksDB");
    Path file = directory.resolve("memory");
    assertEquals(
        Digests.of(journal),
        withStops(
            journal,
            seed,
            () -> Catalog.open(MemoryStore.open(file), journal, new CatalogConfig(7))),
        "in memory");
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 500})
  void aHaltedProcessShouldLeaveAWholePrefix(int records) throws IOException, InterruptedException {
    JournalScript journal = RandomJournal.of(HaltingApply.SEED, records);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HaltingApply.class.getName(),
                directory.resolve("db").toString(),
                Integer.toString(records))
            .inheritIO()
            .start();
    assertEquals(HaltingApply.EXIT, process.waitFor());
    long seq = checkPrefix(directory.resolve("db"), journal);
    assertTrue(seq <= records && (seq > 0 || records < 500), "stands at " + seq);
  }

  static JournalScript literal() {
    JournalScript journal = JournalScript.begun();
    journal.record(token(1), enrol(host(1), 1), token(2), enrol(host(2), 2));
    journal.record(open(session(1), host(1)), open(session(2), host(2)));
    journal.register(
        ScriptedFooter.data(pack(1)).add(data(1), host(1)).add(data(2), host(2)),
        ScriptedFooter.pages(pack(2))
            .add(page(1), host(1))
            .add(snapshot(9), host(1))
            .check(host(1), 3, 0));
    journal.record(commit(host(1), run(1), snapshot(1), session(1)));
    journal.record(prove(pack(1), ProofLevel.PROOF_LEVEL_PROVEN, 0));
    journal.register(ScriptedFooter.data(pack(3)).add(data(1), host(2)));
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PROOF_FAILED, 1));
    journal.record(lose(pack(3), LossCause.LOSS_CAUSE_PACK_MISSING));
    journal.record(commit(host(1), run(1), snapshot(1), session(1)));
    for (int number = 2; number < 10; number++) {
      journal.record(commitScheduled(1, number, number % 2));
    }
    journal.record(hold("hold", 3, 77), approve("approval", 1, 5));
    journal.record(delete(Deleting.BY_OPERATOR.approved("approval"), 1, 2, 3, 4, 5, 6, 7));
    journal.record(delete(Deleting.byRules(20), 1, 9));
    journal.record(undelete(4));
    journal.later(Duration.ofDays(8));
    journal.record(drop(22, 1, 2, 5, 9));
    journal.record(hold("another", 8), release("hold"));
    journal.record(readWhole(pack(1), 0));
    journal.record(proveSnapshots(ProofLevel.PROOF_LEVEL_PROVEN, 4));
    journal.ledBy(coordinator(2));
    journal.record(startTerm());
    journal.record(verified(ProofLevel.PROOF_LEVEL_PROVEN, 0));
    return journal;
  }

  private Bytes32 withStops(JournalScript journal, long seed, Supplier<Catalog> open) {
    Random random = new Random(seed);
    while (true) {
      Catalog catalog = open.get();
      try {
        for (AppliedRecord record : journal.from(catalog.appliedSeq() + 1)) {
          catalog.apply(record);
          if (random.nextInt(30) == 0) {
            catalog.flush();
          }
          if (random.nextInt(60) == 0) {
            break;
          }
        }
        if (catalog.appliedSeq() == journal.last().seq()) {
          return Digests.of(catalog);
        }
      } finally {
        catalog.abandon();
      }
    }
  }

  private long checkPrefix(Path database, JournalScript journal) {
    KeyValueStore store = RocksStore.open(database, Catalog.families(), TINY);
    try (Catalog catalog = Catalog.open(store, journal, CatalogConfig.defaults())) {
      int seq = (int) catalog.appliedSeq();
      Bytes32 expected = Digests.of(journal.firstRecords(seq));
      assertEquals(expected, Digests.of(catalog), "the families don't agree on " + seq);
      journal.from(seq + 1L).forEach(catalog::apply);
      assertEquals(Digests.of(journal), Digests.of(catalog));
      return seq;
    }
  }

  private Catalog rocks(JournalScript journal) {
    KeyValueStore store = RocksStore.open(directory.resolve("db"), Catalog.families(), TINY);
    return Catalog.open(store, journal, new CatalogConfig(50));
  }
}
