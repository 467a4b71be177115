package io.holdfast.deploy.link;

import io.holdfast.proto.wire.v1.AuditEntry;
import io.holdfast.proto.wire.v1.AuditLogGrpc;
import io.holdfast.proto.wire.v1.AuditLogGrpc.AuditLogStub;
import io.holdfast.proto.wire.v1.ListAuditRequest;
import io.holdfast.proto.wire.v1.VerifyAuditEvent;
import io.holdfast.proto.wire.v1.VerifyAuditRequest;
import java.util.function.Consumer;

/** What is asked about what people did; as {@link AdminLink}, which lends it. */
public final class AuditLink {
  private final Line line;
  private final AuditLogStub streams;

  AuditLink(Line line) {
    this.line = line;
    this.streams = line.stub(AuditLogGrpc::newStub);
  }

  public void entries(ListAuditRequest request, Consumer<AuditEntry> each) {
    line.stream(streams, (log, answers) -> log.listAudit(request, answers), each);
  }

  /** Reads the journal again; the last event carries the result. */
  public void verify(Consumer<VerifyAuditEvent> each) {
    line.stream(
        streams,
        (log, answers) -> log.verifyAudit(VerifyAuditRequest.getDefaultInstance(), answers),
        each);
  }
}
