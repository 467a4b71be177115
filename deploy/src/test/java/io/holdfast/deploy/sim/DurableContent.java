package io.holdfast.deploy.sim;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.page.TreeCursor;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.proof.OpenedSnapshot;
import io.holdfast.coordinator.proof.SnapshotOpener;
import io.holdfast.coordinator.serve.ChunkReads;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads one snapshot from what is durable, with the host's recovery key, and compares its files
 * with those that were backed up. A chunk is excused only if every place that counts for its host
 * lies in a pack that the world damaged.
 */
final class DurableContent {
  private final Witness witness;
  private final Damage damage;
  private final CatalogView view;
  private final StoredSnapshot snapshot;

  DurableContent(Witness witness, Damage damage, CatalogView view, StoredSnapshot snapshot) {
    this.witness = witness;
    this.damage = damage;
    this.view = view;
    this.snapshot = snapshot;
  }

  void compare(List<Map<EntryPath, SimTree.SimFile>> candidates) {
    boolean isPrivate = view.repository().isPrivate();
    List<ChunkKeys> generations = SimFleet.member(snapshot.host()).generations(isPrivate);
    SnapshotOpener opener =
        new SnapshotOpener(
            SimFleet.REPOSITORY,
            host -> SimFleet.member(host).recovery(isPrivate),
            ChunkGenerations.of(generations),
            witness.reads());
    Map<EntryPath, byte[]> found = new TreeMap<>();
    try (OpenedSnapshot opened = opener.open(snapshot);
        ChunkOpener chunks = new ChunkOpener(generations)) {
      TreeCursor entries = opened.tree().entries();
      while (entries.next()) {
        switch (entries.entry()) {
          case Node node when node.form() instanceof Form.RegularFile file ->
              found.put(node.path(), read(file.first().extents(), chunks));
          case Node _ -> {}
          case Continuation more ->
              found.merge(
                  more.path(), read(more.segment().extents(), chunks), DurableContent::join);
        }
      }
    } catch (Excused e) {
      return;
    } catch (HoldfastException e) {
      if (damage.any()) {
        return;
      }
      throw new Claims.Broken(
          "everyChunkASnapshotReachesIsDurable (I1)", "snapshot " + snapshot.id() + ": " + e);
    }
    Claims.claim(
        "aSnapshotHoldsExactlyWhatTheHostHeld (I1)",
        candidates.stream().anyMatch(files -> isSame(found, files)),
        "snapshot " + snapshot.id() + " holds " + found.keySet());
  }

  private static boolean isSame(
      Map<EntryPath, byte[]> found, Map<EntryPath, SimTree.SimFile> files) {
    return found.keySet().equals(files.keySet())
        && files.entrySet().stream()
            .allMatch(file -> Arrays.equals(found.get(file.getKey()), file.getValue().bytes()));
  }

  private static byte[] join(byte[] left, byte[] right) {
    byte[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  private byte[] read(Extents extents, ChunkOpener opener) {
    byte[] content = new byte[(int) extents.totalBytes()];
    int at = 0;
    for (int i = 0; i < extents.count(); i++) {
      int length = (int) extents.lengthBytes(i);
      if (!extents.isHole(i)) {
        Reference reference = extents.chunk(i);
        ChunkKey key = new ChunkKey(reference.kind(), reference.key());
        byte[] plain = open(opener.ref(key), key, opener);
        System.arraycopy(plain, extents.offset(i), content, at, length);
      }
      at += length;
    }
    return content;
  }

  private byte[] open(ChunkRef chunk, ChunkKey key, ChunkOpener opener) {
    requireCounting(chunk);
    ByteBuffer[] sealed = new ByteBuffer[1];
    try {
      witness
          .reads()
          .read(
              snapshot.host(),
              List.of(chunk),
              new ChunkReads.Receiver() {
                @Override
                public void chunk(
                    ChunkRef ref, ByteBuffer bytes, Location at, List<ChunkRef> references) {
                  sealed[0] = bytes;
                }

                @Override
                public void failed(ChunkRef ref, HoldfastException cause) {
                  throw cause;
                }
              });
      int offset = sealed[0].arrayOffset() + sealed[0].position();
      return opener.open(key, sealed[0].array(), offset, sealed[0].remaining());
    } catch (HoldfastException e) {
      excuseOrBreak(chunk, e.toString());
      throw new Excused();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** No unproven chunk of another host's counts for this one (locations rule). */
  private void requireCounting(ChunkRef chunk) {
    Claims.claim(
        "aPrivateHostsChunksAreItsOwnAndProvenByNobody",
        !view.repository().isPrivate()
            || view.chunks().locations(chunk).stream()
                .noneMatch(at -> at.proven() || !at.owner().equals(snapshot.host())),
        chunk + " of snapshot " + snapshot.id());
    boolean counts =
        view.chunks().locations(chunk).stream()
            .anyMatch(at -> at.present() && (at.owner().equals(snapshot.host()) || at.proven()));
    if (!counts) {
      Claims.claim(
          "noUnprovenChunkOfAnotherHostAndNoLostOneCounts (I1, I5)",
          view.appliedSeq() > snapshot.seq(),
          chunk + " didn't count when snapshot " + snapshot.id() + " was committed");
      excuseOrBreak(chunk, "no location of it is the host's own or proven");
      throw new Excused();
    }
  }

  private void excuseOrBreak(ChunkRef chunk, String how) {
    boolean excused =
        view.chunks().locations(chunk).stream()
            .filter(at -> at.owner().equals(snapshot.host()) || at.proven() || !at.present())
            .anyMatch(at -> damage.isDamaged(at.pack()));
    Claims.claim(
        "everyChunkASnapshotReachesIsDurableAndCounts (I1)",
        excused,
        chunk + " of snapshot " + snapshot.id() + ": " + how);
  }

  /** The world damaged it. */
  private static final class Excused extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
