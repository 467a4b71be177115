package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Audit;
import io.holdfast.proto.stored.v1.AuditDetails;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.Optional;

/** Makes the mutations by which people look up later who did what. Any thread. */
public final class Audits {
  private final MutationSealer mutations;

  public Audits(MutationSealer mutations) {
    this.mutations = mutations;
  }

  /**
   * {@code actor} did {@code action}, one word, on {@code host} if it was about one; {@code text}
   * says the rest.
   */
  public Mutation of(String actor, String action, Optional<HostId> host, String text) {
    Audit.Builder audit = Audit.newBuilder();
    host.ifPresent(id -> audit.setHost(ByteString.copyFrom(id.toByteArray())));
    AuditDetails details =
        AuditDetails.newBuilder().setActor(actor).setAction(action).setText(text).build();
    return mutations.seal(
        Change.newBuilder().setAudit(audit).build(),
        Details.newBuilder().setAudit(details).build());
  }
}
