package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A planted fault: takes everything that is registered for proven. */
final class BlindProver {
  private final Supplier<CatalogView> views;
  private final JournalAppender journal;

  BlindProver(Supplier<CatalogView> views, JournalAppender journal) {
    this.views = views;
    this.journal = journal;
  }

  void poll() throws InterruptedException {
    List<Mutation> proofs = new ArrayList<>();
    try (CatalogView view = views.get()) {
      view.packs()
          .forEach(known -> {
            if (known.state().provenEntries() < known.pack().entries() && !known.state().isLost()) {
              Proof.Builder proof =
                  Proof.newBuilder()
                      .setPack(ByteString.copyFrom(known.pack().id().toByteArray()))
                      .setLevel(ProofLevel.PROOF_LEVEL_PROVEN);
              proofs.add(MutationSealer.clear(Change.newBuilder().setProof(proof).build()));
            }
          });
    }
    if (!proofs.isEmpty()) {
      try {
        SimCoordinator.await(journal.append(proofs));
      } catch (HoldfastException e) {
        // Not leading any more.
      }
    }
  }
}
