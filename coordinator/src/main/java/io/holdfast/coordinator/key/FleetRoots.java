package io.holdfast.coordinator.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.RootLine;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalRoots;
import io.holdfast.coordinator.journal.JournalStateCodec;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostRootTaken;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RootIntroduced;
import io.holdfast.proto.stored.v1.RootRetired;
import java.security.cert.X509Certificate;

/** What the journal says of the fleet's roots now, and what says more of them. */
final class FleetRoots {
  private FleetRoots() {}

  /** As of the last record that was applied here. */
  static JournalRoots now(FleetPorts ports) {
    try (CatalogView view = ports.views().get()) {
      ByteString state =
          view.journalState()
              .orElseThrow(() ->
                  new HoldfastException(
                      ErrorCode.UNAVAILABLE, "the journal has not begun here; try again"));
      return JournalStateCodec.parse(JournalAnchor.asFound(), state.toByteArray())
          .mustHead()
          .roots();
    }
  }

  static X509Certificate newest(FleetPorts ports) {
    return Certificates.parse(now(ports).newest().toByteArray());
  }

  /** Those of {@code line} that are believed. */
  static RootLine believed(FleetPorts ports, RootLine line) {
    X509Certificate oldest = Certificates.parse(now(ports).believed().getFirst().toByteArray());
    return line.since(Fingerprint.of(oldest));
  }

  static Mutation introduced(RootLine.Step step) {
    RootIntroduced introduced =
        RootIntroduced.newBuilder()
            .setCertificate(ByteString.copyFrom(Certificates.encode(step.root())))
            .setLink(ByteString.copyFrom(Certificates.encode(step.link().orElseThrow())))
            .build();
    return MutationSealer.clear(Change.newBuilder().setRootIntroduced(introduced).build());
  }

  static Mutation retired(X509Certificate root) {
    RootRetired retired =
        RootRetired.newBuilder().setRoot(Fingerprint.of(root).toByteString()).build();
    return MutationSealer.clear(Change.newBuilder().setRootRetired(retired).build());
  }

  static Mutation taken(ByteString host, X509Certificate root) {
    HostRootTaken taken =
        HostRootTaken.newBuilder()
            .setHost(host)
            .setRoot(Fingerprint.of(root).toByteString())
            .build();
    return MutationSealer.clear(Change.newBuilder().setHostRootTaken(taken).build());
  }
}
