package io.holdfast.deploy.sim;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.page.PageCodec;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.sealing.SealedHeader;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.proof.SnapshotOpener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Opens, wherever it lies, everything that counts as proven and that some snapshot leads to,
 * whoever committed it: other hosts may rest on it.
 */
final class ProvenContent implements AutoCloseable {
  private final Witness witness;
  private final Damage damage;
  private final CatalogView view;
  private final ChunkOpener opener = new ChunkOpener(SimFleet.GENERATIONS);
  private final Set<ChunkKey> seen = new HashSet<>();
  private final Deque<ChunkKey> open = new ArrayDeque<>();

  ProvenContent(Witness witness, Damage damage, CatalogView view) {
    this.witness = witness;
    this.damage = damage;
    this.view = view;
  }

  void check() {
    SnapshotOpener roots =
        new SnapshotOpener(
            SimFleet.REPOSITORY,
            host -> SimFleet.member(host).recovery(false),
            ChunkGenerations.of(SimFleet.GENERATIONS),
            witness.reads());
    List<StoredSnapshot> snapshots = new ArrayList<>();
    view.snapshots().forEachKept(snapshots::add);
    snapshots.forEach(snapshot -> add(roots.root(snapshot)));
    while (!open.isEmpty()) {
      checkEverywhere(open.remove());
    }
  }

  private void add(Reference reference) {
    ChunkKey key = new ChunkKey(reference.kind(), reference.key());
    if (seen.add(key)) {
      open.add(key);
    }
  }

  private void checkEverywhere(ChunkKey key) {
    for (Location at : view.chunks().locations(opener.ref(key))) {
      if (at.present() && !damage.isDamaged(at.pack())) {
        checkThere(key, at);
      }
    }
  }

  private void checkThere(ChunkKey key, Location at) {
    byte[] sealed = witness.sealed(at);
    Optional<byte[]> plain = plaintext(key, at, sealed);
    if (plain.isPresent() && key.kind() == ChunkKind.PAGE) {
      checkPage(opener.ref(key), at, sealed, plain.get());
    }
  }

  private Optional<byte[]> plaintext(ChunkKey key, Location at, byte[] sealed) {
    try {
      return Optional.of(opener.open(key, sealed, 0, sealed.length));
    } catch (HoldfastException e) {
      Claims.claim("whatIsProvenOpensAndHasItsId (I8)", !at.proven(), at + ": " + e);
      return Optional.empty();
    }
  }

  private void checkPage(ChunkRef page, Location at, byte[] sealed, byte[] plain) {
    List<Reference> references = PageCodec.decode(plain).references();
    references.forEach(this::add);
    List<ChunkRef> needed =
        references.stream().map(each -> opener.ref(new ChunkKey(each.kind(), each.key()))).toList();
    Claims.claim(
        "aProvenPageSaysInClearWhatItNeeds (I5)",
        !at.proven() || (needed.equals(clear(page, sealed)) && needed.equals(copied(at))),
        page + " at " + at + " needs " + needed + ", and says " + clear(page, sealed));
  }

  private static List<ChunkRef> clear(ChunkRef page, byte[] sealed) {
    SealedHeader header = SealedHeader.parse(page, sealed, 0, sealed.length);
    return IntStream.range(0, header.referenceCount()).mapToObj(header::reference).toList();
  }

  private List<ChunkRef> copied(Location at) {
    PackFooter footer = witness.footers().get(at.pack(), view);
    return Footers.references(footer, at.entry());
  }

  @Override
  public void close() {
    opener.close();
  }
}
