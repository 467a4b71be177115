package io.holdfast.coordinator.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.page.PageCodec;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.coordinator.vault.ObjectName;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AskedProofTest {
  private static final byte[] SHARED =
      "the same text on two hosts".getBytes(StandardCharsets.UTF_8);

  private final TestRepository repository = TestRepository.begun(1);
  private final TestHost alice = TestHost.enrol(repository, "alice");
  private final TestHost bob = TestHost.enrol(repository, "bob");
  private final AskedProof asked = new AskedProof(repository.proof());
  private final ChunkKey shared = bob.key(ChunkKind.DATA, SHARED);

  private Location locationOfShared() {
    try (CatalogView view = repository.view()) {
      List<Location> locations = view.chunks().locations(shared.ref());
      assertEquals(1, locations.size());
      return locations.getFirst();
    }
  }

  private ChunkKey alicesChunk(byte[] content) throws InterruptedException {
    ChunkKey key = alice.store(ChunkKind.DATA, content, List.of());
    alice.flush();
    return key;
  }

  private void ask() throws InterruptedException {
    asked.prove(Map.of(shared.ref(), shared));
  }

  @Test
  void shouldMakeAnothersChunkCountForWhoBringsItsKey() throws Exception {
    alicesChunk(SHARED);
    assertFalse(bob.counts(shared.ref()));
    ask();
    assertTrue(bob.counts(shared.ref()), "and nobody committed anything");
    assertTrue(locationOfShared().proven());
  }

  @Test
  void shouldNotTouchAChunkWhoseKeyIsAnothers() throws Exception {
    alicesChunk(SHARED);
    byte[] other = "something else".getBytes(StandardCharsets.UTF_8);
    alicesChunk(other);
    ChunkKey foreign = bob.key(ChunkKind.DATA, other);
    Map<ChunkRef, ChunkKey> lie = new LinkedHashMap<>();
    lie.put(foreign.ref(), foreign);
    lie.put(shared.ref(), foreign);
    long records = repository.journal().records().size();

    HoldfastException refusal = assertThrows(HoldfastException.class, () -> asked.prove(lie));

    assertEquals(ErrorCode.MALFORMED, refusal.code());
    assertEquals(records, repository.journal().records().size());
    assertTrue(alice.counts(shared.ref()), "who asks can't have it called lost");
    assertFalse(bob.counts(shared.ref()));
  }

  @Test
  void shouldCondemnGarbageUnderARightName() throws Exception {
    alice.upload(shared.ref(), alice.garbage(ChunkKind.DATA, "poison"));
    alice.flush();
    ask();
    assertFalse(bob.counts(shared.ref()));
    assertFalse(locationOfShared().present());
  }

  @Test
  void shouldCondemnAPageThatLiesAboutItsReferences() throws Exception {
    ChunkRef other = alicesChunk(new byte[] {1, 2, 3}).ref();
    SnapshotId lying =
        alice
            .backup()
            .file("note", SHARED)
            .lyingAboutReferences(references -> List.of(other))
            .commit();
    ChunkKey leaf = leaf(lying);
    assertTrue(alice.counts(leaf.ref()));
    asked.prove(Map.of(leaf.ref(), leaf));
    assertFalse(bob.counts(leaf.ref()));
    assertFalse(alice.counts(leaf.ref()));
  }

  /** The first page below the root. */
  private ChunkKey leaf(SnapshotId snapshot) {
    try (OpenedChunks chunks = repository.opener().chunks(alice.id())) {
      byte[] root = chunks.read(repository.opener().root(repository.snapshot(snapshot)));
      return OpenedChunks.key(PageCodec.decode(root).references().getFirst());
    }
  }

  @Test
  void shouldFindDamageOnlyByTwoReadings() throws Exception {
    alicesChunk(SHARED);
    repository.vault().misread(1);
    ask();
    assertTrue(bob.counts(shared.ref()));

    byte[] hurt = "hurt".getBytes(StandardCharsets.UTF_8);
    ChunkKey key = alicesChunk(hurt);
    Location at;
    try (CatalogView view = repository.view()) {
      at = view.chunks().locations(key.ref()).getFirst();
    }
    ObjectName pack = ObjectName.of(PackLayout.objectName(at.pack()));
    repository.vault().flip(pack, at.offset() + at.sealedLength() / 2);
    asked.prove(Map.of(key.ref(), key));
    assertFalse(alice.counts(key.ref()), "so the next backup stores it again");
  }

  @Test
  void shouldLeaveUnprovenWhatAVaultDoesNotGiveNow() throws Exception {
    alicesChunk(SHARED);
    repository.vault().failReads(1_000);
    ask();
    repository.vault().failReads(0);
    assertFalse(bob.counts(shared.ref()));
    assertTrue(alice.counts(shared.ref()));
    ask();
    assertTrue(bob.counts(shared.ref()));
  }

  @Test
  void shouldEndWhenTheCoordinatorStops() throws Exception {
    alicesChunk(SHARED);
    asked.close();
    HoldfastException end = assertThrows(HoldfastException.class, this::ask);
    assertEquals(ErrorCode.CANCELLED, end.code());
  }
}
