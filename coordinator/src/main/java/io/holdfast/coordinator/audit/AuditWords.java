package io.holdfast.coordinator.audit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the mutations of a record say that people did. Any thread. */
final class AuditWords {
  private final MutationSealer mutations;

  AuditWords(MutationSealer mutations) {
    this.mutations = mutations;
  }

  /** In the record's order; SIGNATURE_INVALID if a sealed part doesn't open. */
  List<AuditEntry> of(RecordBody body, RecordHash hash) {
    List<AuditEntry> entries = new ArrayList<>();
    for (Mutation mutation : body.getMutationsList()) {
      says(mutation).map(said -> entry(body, hash, said)).ifPresent(entries::add);
    }
    return entries;
  }

  private record Said(String actor, String action, ByteString host, String text) {}

  private static AuditEntry entry(RecordBody body, RecordHash hash, Said said) {
    return new AuditEntry(
        body.getSeq(),
        hash,
        body.getTimeMillis(),
        said.actor(),
        said.action(),
        said.host().isEmpty()
            ? Optional.empty()
            : Optional.of(HostId.of(said.host().toByteArray())),
        said.text());
  }

  private Optional<Said> says(Mutation mutation) {
    Change change = change(mutation);
    return switch (change.getChangeCase()) {
      case AUDIT -> {
        var audit = details(mutation).getAudit();
        yield Optional.of(
            new Said(
                audit.getActor(), audit.getAction(), change.getAudit().getHost(), audit.getText()));
      }
      case POLICY_APPLIED -> {
        var policy = details(mutation).getPolicy();
        long version = change.getPolicyApplied().getVersion();
        String text = "policy " + policy.getName() + ", version " + version + " applied";
        yield Optional.of(new Said(policy.getActor(), "policy", ByteString.EMPTY, text));
      }
      case POLICY_DELETED -> {
        var policy = details(mutation).getPolicy();
        String text = "policy " + policy.getName() + " deleted";
        yield Optional.of(new Said(policy.getActor(), "policy", ByteString.EMPTY, text));
      }
      case JOB_ORDERED -> backup(change.getJobOrdered(), mutation);
      default -> Optional.empty();
    };
  }

  /** A restore's order has an audit of its own beside it; a schedule's is nobody's act. */
  private Optional<Said> backup(JobOrdered ordered, Mutation mutation) {
    if (ordered.getKind() != JobKind.JOB_KIND_BACKUP || ordered.hasScheduled()) {
      return Optional.empty();
    }
    var job = details(mutation).getJob();
    String sources =
        job.getSourcesList().stream()
            .map(ByteString::toStringUtf8)
            .collect(Collectors.joining(", "));
    String text = "job " + JobId.of(ordered.getJob().toByteArray()) + ": " + sources;
    return Optional.of(new Said(job.getActor(), "backup", ordered.getHost(), text));
  }

  static Change change(Mutation mutation) {
    try {
      return Change.parseFrom(mutation.getClear());
    } catch (InvalidProtocolBufferException e) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "a mutation of the journal doesn't parse: " + e.getMessage(), e);
    }
  }

  private Details details(Mutation mutation) {
    return mutations.open(mutation).orElse(Details.getDefaultInstance());
  }
}
