package io.holdfast.coordinator.catalog.rebuild;

import static io.holdfast.coordinator.catalog.JournalScript.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RecordHash;
import io.holdfast.coordinator.catalog.Digests;
import io.holdfast.coordinator.catalog.RandomJournal;
import io.holdfast.proto.stored.v1.CheckpointManifest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
  @TempDir Path directory;

  @Test
  void theManifestShouldSayWhatTheCheckpointHolds() {
    RebuildFixture fixture = fixture();
    CheckpointManifest manifest = fixture.checkpointUnrecorded().manifest();
    assertEquals(1, manifest.getVersion());
    assertEquals(30, manifest.getSeq());
    assertEquals(
        fixture.journal.last().hash(), RecordHash.of(manifest.getRecordHash().toByteArray()));
    assertEquals(
        Digests.of(fixture.journal), Bytes32.of(manifest.getCatalogDigest().toByteArray()));
    assertEquals(fixture.journal.last().body().getRepository(), manifest.getRepository());
    assertEquals("rows", manifest.getFiles(0).getName());
    assertTrue(
        fixture.objects.list("checkpoints/").contains("checkpoints/" + "0".repeat(18) + "30"));
  }

  @Test
  void theCheckpointShouldHoldWhatWasTakenThoughTheCatalogGoesOn() {
    RebuildFixture fixture = fixture();
    CheckpointWriter writer = new CheckpointWriter(fixture.objects, RebuildFixture.MEMORY);
    Path scratch = fixture.opener().checkpointScratch();
    try (OpenedCatalog opened = fixture.open()) {
      writer.take(opened.catalog(), scratch);
      opened.catalog().apply(fixture.journal.record(token(7)));
      assertEquals(30, writer.publish(scratch).manifest().getSeq());
    }
  }

  @Test
  void anotherCoordinatorsEqualCheckpointShouldBeAdopted() {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint first = fixture.checkpointUnrecorded();
    assertEquals(first, fixture.checkpointUnrecorded());
  }

  @Test
  void anotherCoordinatorsDifferentCheckpointShouldBeRefused() {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint first = fixture.checkpointUnrecorded();
    CheckpointManifest forged =
        first.manifest().toBuilder().setCatalogDigest(ByteString.copyFrom(new byte[32])).build();
    fixture.objects.put(RebuildFixture.manifest(first), forged.toByteArray());
    assertRefused(ErrorCode.OBJECT_EXISTS, fixture);
  }

  @Test
  void anAdoptedCheckpointShouldBeWhole() {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint first = fixture.checkpointUnrecorded();
    DamageKind.FLIP.damage(fixture.objects, RebuildFixture.file(first));
    assertRefused(ErrorCode.MALFORMED, fixture);
  }

  @Test
  void aWriterThatWasStoppedShouldBeRunAgain() {
    RebuildFixture fixture = fixture();
    fixture.objects.roomFor(1);
    assertRefused(ErrorCode.VAULT_FULL, fixture);
    assertEquals(1, fixture.objects.list("").size());
    fixture.objects.roomFor(100);
    fixture.checkpoint();
    fixture.wipe();
    assertEquals(Origin.CHECKPOINT, fixture.reopen());
  }

  @Test
  void aManifestShouldNotReachOutsideTheDirectory() {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint honest = fixture.checkpointUnrecorded();
    for (String name : List.of("../rows", "a/b", "..", ".rows", "", "/etc/rows")) {
      CheckpointManifest.Builder hostile = honest.manifest().toBuilder();
      hostile.getFilesBuilder(0).setName(name);
      CheckpointReader reader = new CheckpointReader(fixture.objects);
      HoldfastException refused =
          assertThrows(
              HoldfastException.class,
              () -> reader.restore(hostile.build(), directory.resolve("x")));
      assertEquals(ErrorCode.MALFORMED, refused.code());
    }
  }

  @Test
  void anUnknownManifestVersionShouldBeNamed() {
    CheckpointManifest newer = CheckpointManifest.newBuilder().setVersion(2).setSeq(5).build();
    HoldfastException refused =
        assertThrows(HoldfastException.class, () -> CheckpointReader.parse(5, newer.toByteArray()));
    assertEquals(ErrorCode.UNKNOWN_VERSION, refused.code());
  }

  // Verification.

  @Test
  void anHonestCheckpointShouldVerifyFromRecordOneAndFromTheOneBefore() {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint first = fixture.checkpoint();
    assertTrue(fixture.opener().verify(first, fixture.journal));
    fixture.journal.record(token(7));
    WrittenCheckpoint second = fixture.checkpoint();
    int reads = fixture.journal.footerReads();
    assertTrue(fixture.opener().verify(second, fixture.journal));
    assertEquals(reads, fixture.journal.footerReads(), "it didn't start from the first one");
  }

  @Test
  void aCheckpointOfAnotherContentShouldNotVerify() {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint written = fixture.checkpoint();
    CheckpointManifest forged =
        written.manifest().toBuilder().setCatalogDigest(ByteString.copyFrom(new byte[32])).build();
    WrittenCheckpoint other = new WrittenCheckpoint(forged, written.manifestSha256());
    assertFalse(fixture.opener().verify(other, fixture.journal));
  }

  private static void assertRefused(ErrorCode code, RebuildFixture fixture) {
    HoldfastException refused =
        assertThrows(HoldfastException.class, fixture::checkpointUnrecorded);
    assertEquals(code, refused.code());
  }

  private RebuildFixture fixture() {
    return new RebuildFixture(
        directory.resolve("state"), RandomJournal.of(12, 30), RebuildFixture.MEMORY);
  }
}
