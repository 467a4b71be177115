package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.audit.AuditTrail;
import io.holdfast.coordinator.audit.JournalVoucher;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.journal.SlotHash;
import io.holdfast.proto.wire.v1.AuditEntry;
import io.holdfast.proto.wire.v1.AuditLogGrpc;
import io.holdfast.proto.wire.v1.ListAuditRequest;
import io.holdfast.proto.wire.v1.VerifyAuditEvent;
import io.holdfast.proto.wire.v1.VerifyAuditProgress;
import io.holdfast.proto.wire.v1.VerifyAuditRequest;
import io.holdfast.proto.wire.v1.VerifyAuditResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Who did what, on the wire: parses, calls, maps errors. */
public final class AuditLogService extends AuditLogGrpc.AuditLogImplBase {
  private final AuditTrail trail;
  private final JournalVoucher voucher;
  private final Supplier<CatalogView> views;
  private final HostDirectory hosts;
  private final Bytes32 root;
  private final ManyCalls calls;

  /**
   * Serves it.
   *
   * @param root SHA-256 of the root certificate that the journal's signatures lead to
   * @param executor gives each call a thread of its own that may block
   */
  public AuditLogService(
      AuditTrail trail,
      JournalVoucher voucher,
      Supplier<CatalogView> views,
      HostDirectory hosts,
      Bytes32 root,
      Executor executor) {
    this.trail = trail;
    this.voucher = voucher;
    this.views = views;
    this.hosts = hosts;
    this.root = root;
    this.calls = new ManyCalls(executor);
  }

  @Override
  public void listAudit(ListAuditRequest request, StreamObserver<AuditEntry> answers) {
    calls.answer(answers, out -> list(request, out));
  }

  private void list(ListAuditRequest request, Consumer<AuditEntry> out) {
    Map<HostId, String> names =
        hosts.all().stream().collect(Collectors.toMap(NamedHost::id, NamedHost::name));
    AuditTrail.Wish wish =
        new AuditTrail.Wish(
            request.getSinceMillis(),
            request.getActor(),
            request.getHost().isEmpty()
                ? Optional.empty()
                : Optional.of(hosts.find(request.getHost()).id()),
            request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit(),
            request.getNewestFirst());
    trail.list(wish, entry -> out.accept(view(entry, id -> names.getOrDefault(id, ""))));
  }

  private static AuditEntry view(
      io.holdfast.coordinator.audit.AuditEntry entry, Function<HostId, String> names) {
    AuditEntry.Builder view =
        AuditEntry.newBuilder()
            .setSeq(entry.seq())
            .setRecordHash(ByteString.copyFrom(entry.hash().toByteArray()))
            .setTimeMillis(entry.timeMillis())
            .setActor(entry.actor())
            .setAction(entry.action())
            .setText(entry.text());
    entry
        .host()
        .ifPresent(host ->
            view.setHost(ByteString.copyFrom(host.toByteArray())).setHostName(names.apply(host)));
    return view.build();
  }

  @Override
  public void verifyAudit(VerifyAuditRequest request, StreamObserver<VerifyAuditEvent> answers) {
    calls.answer(answers, this::verify);
  }

  private void verify(Consumer<VerifyAuditEvent> out) {
    SlotHash head = head();
    JournalVoucher.Vouched vouched =
        voucher.vouch(
            head,
            seq ->
                out.accept(
                    VerifyAuditEvent.newBuilder()
                        .setProgress(
                            VerifyAuditProgress.newBuilder().setSeq(seq).setSeqExpected(head.seq()))
                        .build()));
    out.accept(VerifyAuditEvent.newBuilder().setResult(view(vouched)).build());
  }

  private SlotHash head() {
    try (CatalogView view = views.get()) {
      return view.head()
          .map(head -> new SlotHash(head.seq(), head.hash()))
          .orElseThrow(() ->
              new HoldfastException(
                  ErrorCode.CATALOG_DAMAGED, "the catalog has no last record; rebuild it"));
    }
  }

  private VerifyAuditResult view(JournalVoucher.Vouched vouched) {
    return VerifyAuditResult.newBuilder()
        .setFirstSeq(vouched.firstSeq())
        .setFirstMillis(vouched.firstMillis())
        .setLastSeq(vouched.lastSeq())
        .setLastMillis(vouched.lastMillis())
        .setLastRecordHash(ByteString.copyFrom(vouched.lastHash().toByteArray()))
        .setRecords(vouched.records())
        .setVoids(vouched.voids())
        .setTerms(vouched.terms())
        .setRollbacks(vouched.rollbacks())
        .setSealedParts(vouched.sealedParts())
        .setEntries(vouched.entries())
        .setRootSha256(ByteString.copyFrom(root.toByteArray()))
        .build();
  }
}
