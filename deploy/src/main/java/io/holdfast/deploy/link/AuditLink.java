package io.holdfast.deploy.link;

import io.holdfast.proto.wire.v1.AuditEntry;
import io.holdfast.proto.wire.v1.AuditLogGrpc;
import io.holdfast.proto.wire.v1.AuditLogGrpc.AuditLogBlockingStub;
import io.holdfast.proto.wire.v1.ListAuditRequest;
import io.holdfast.proto.wire.v1.VerifyAuditEvent;
import io.holdfast.proto.wire.v1.VerifyAuditRequest;
import java.util.function.Consumer;

/** What is asked about what people did; as {@link AdminLink}, which lends it. */
public final class AuditLink {
  private final Line line;
  private final AuditLogBlockingStub stub;

  AuditLink(Line line) {
    this.line = line;
    this.stub = line.stub(AuditLogGrpc::newBlockingStub);
  }

  public void entries(ListAuditRequest request, Consumer<AuditEntry> each) {
    line.stream(stub, log -> log.listAudit(request), each);
  }

  /** Reads the journal again; the last event carries the result. */
  public void verify(Consumer<VerifyAuditEvent> each) {
    line.stream(stub, log -> log.verifyAudit(VerifyAuditRequest.getDefaultInstance()), each);
  }
}
