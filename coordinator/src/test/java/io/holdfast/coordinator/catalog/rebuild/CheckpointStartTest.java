package io.holdfast.coordinator.catalog.rebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.coordinator.catalog.CatalogConfig;
import io.holdfast.coordinator.catalog.JournalScript;
import io.holdfast.coordinator.catalog.store.RocksConfig;
import io.holdfast.proto.stored.v1.Audit;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of a long journal a start applies: counted, since time is no measure in a test. */
class CheckpointStartTest {
  private static final int RECORDS = 100_000;
  private static final int CHECKPOINT_EVERY = 10_000;
  private static final CatalogConfig CONFIG = CatalogConfig.defaults();
  private static final StoreFactory ROCKS =
      StoreFactory.rocks(new RocksConfig(8 << 20, 8 << 20, 64, 1));

  @TempDir Path directory;
  private final JournalScript journal = JournalScript.begun();
  private final MemoryObjects objects = new MemoryObjects();

  private CatalogOpener opener() {
    return new CatalogOpener(
        directory.resolve("state"), new CatalogParts(ROCKS, journal, objects, CONFIG));
  }

  private void record(int records) {
    byte[] host = new byte[16];
    for (int i = 0; i < records; i++) {
      host[i & 15] = (byte) i;
      ByteString id = ByteString.copyFrom(host);
      journal.record(JournalScript.change(c -> c.setAudit(Audit.newBuilder().setHost(id))));
    }
  }

  /** As a coordinator does it in its life: one catalog, a checkpoint every so many records. */
  private void live() {
    CheckpointWriter writer = new CheckpointWriter(objects, ROCKS);
    for (int done = 0; done < RECORDS; done += CHECKPOINT_EVERY) {
      record(CHECKPOINT_EVERY);
      try (OpenedCatalog opened = opener().open(journal)) {
        assertTrue(opened.startSeq() >= journal.last().seq() - CHECKPOINT_EVERY - 1);
        writer.take(opened.catalog(), opener().checkpointScratch());
      }
      WrittenCheckpoint written = writer.publish(opener().checkpointScratch());
      journal.record(JournalScript.change(c -> c.setCheckpointWritten(written.toChange())));
    }
  }

  @Test
  void shouldApplyOnlyTheLastRecordsAfterAKillOrALostDisk() {
    live();
    record(CHECKPOINT_EVERY - 1);
    long head = journal.last().seq();

    OpenedCatalog killed = opener().open(journal);
    killed.catalog().abandon(); // as kill -9: what was not flushed is gone, and so is the lock
    Directories.drop(directory.resolve("state/lock"));
    try (OpenedCatalog opened =
        new CatalogOpener(
                directory.resolve("state"), new CatalogParts(ROCKS, journal, objects, CONFIG))
            .open(journal)) {
      assertEquals(Origin.DIRECTORY, opened.origin());
      assertTrue(head - opened.startSeq() <= CONFIG.flushEveryRecords(), "" + opened.startSeq());
      assertEquals(head, opened.catalog().appliedSeq());
    }

    Directories.drop(directory.resolve("state"));
    try (OpenedCatalog opened = opener().open(journal)) {
      assertEquals(Origin.CHECKPOINT, opened.origin());
      assertTrue(head - opened.startSeq() <= CHECKPOINT_EVERY + 1, "" + opened.startSeq());
      assertEquals(head, opened.catalog().appliedSeq());
    }
  }
}
