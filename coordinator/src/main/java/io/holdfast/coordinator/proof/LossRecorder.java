package io.holdfast.coordinator.proof;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Loss;
import io.holdfast.proto.stored.v1.LossCause;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * Gathers what was found lost and journals it, holding the commit path alone: no commit that was
 * checked before stands behind the loss. One thread.
 */
final class LossRecorder {
  private record Place(PackId pack, LossCause cause) {}

  private final ProofPorts ports;
  private final Map<Place, BitSet> pending = new LinkedHashMap<>();

  LossRecorder(ProofPorts ports) {
    this.ports = ports;
  }

  /** One entry is lost; for PACK_MISSING the whole pack is. */
  void add(PackId pack, int entry, LossCause cause) {
    pending.computeIfAbsent(new Place(pack, cause), place -> new BitSet()).set(entry);
  }

  /** The whole pack is lost. */
  void addAll(PackId pack) {
    add(pack, 0, LossCause.LOSS_CAUSE_PACK_MISSING);
  }

  /** Journals what was gathered; when this returns the catalog no longer counts it. */
  void flush() throws InterruptedException {
    if (pending.isEmpty()) {
      return;
    }
    Lock alone = ports.commitPath().alone();
    alone.lock();
    try {
      Journalled.append(ports.journal(), changes());
    } finally {
      alone.unlock();
    }
    pending.clear();
  }

  /** Leaves out what was recorded meanwhile: a loss recorded twice would cost trust twice. */
  private List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    try (CatalogView view = ports.views().get()) {
      pending.forEach((place, entries) ->
          view.packs()
              .find(place.pack())
              .flatMap(known -> change(place, entries, known))
              .ifPresent(changes::add));
    }
    return changes;
  }

  private static Optional<Change> change(Place place, BitSet entries, KnownPack known) {
    Loss.Builder loss =
        Loss.newBuilder()
            .setPack(ByteString.copyFrom(place.pack().toByteArray()))
            .setCause(place.cause());
    if (place.cause() == LossCause.LOSS_CAUSE_PACK_MISSING) {
      return known.state().isLost()
          ? Optional.empty()
          : Optional.of(Change.newBuilder().setLoss(loss).build());
    }
    BitSet present = new BitSet();
    entries.stream().filter(known.state()::isPresent).forEach(present::set);
    return present.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Change.newBuilder()
                .setLoss(loss.setEntries(ByteString.copyFrom(present.toByteArray())))
                .build());
  }
}
