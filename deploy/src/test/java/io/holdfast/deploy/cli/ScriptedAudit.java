package io.holdfast.deploy.cli;

import io.grpc.stub.StreamObserver;
import io.holdfast.proto.wire.v1.AuditEntry;
import io.holdfast.proto.wire.v1.AuditLogGrpc;
import io.holdfast.proto.wire.v1.ListAuditRequest;
import io.holdfast.proto.wire.v1.VerifyAuditEvent;
import io.holdfast.proto.wire.v1.VerifyAuditRequest;

/** The calls about the audit, answered as the script of a {@link ScriptedAdmin} says. */
final class ScriptedAudit extends AuditLogGrpc.AuditLogImplBase {
  private final ScriptedAdmin script;

  ScriptedAudit(ScriptedAdmin script) {
    this.script = script;
  }

  @Override
  public void listAudit(ListAuditRequest request, StreamObserver<AuditEntry> out) {
    script.answer(request, AuditEntry.class, out);
  }

  @Override
  public void verifyAudit(VerifyAuditRequest request, StreamObserver<VerifyAuditEvent> out) {
    script.answer(request, VerifyAuditEvent.class, out);
  }
}
