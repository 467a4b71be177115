package io.holdfast.coordinator.rpc;

import io.holdfast.coordinator.dispatch.Preview;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.policy.yaml.PolicyWriter;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.DataClassPreview;
import io.holdfast.proto.wire.v1.DeletePolicyRequest;
import io.holdfast.proto.wire.v1.PlannedRun;
import io.holdfast.proto.wire.v1.Policy;
import io.holdfast.proto.wire.v1.PolicyChange;
import io.holdfast.proto.wire.v1.PolicyChangeKind;
import io.holdfast.proto.wire.v1.PolicyName;
import io.holdfast.proto.wire.v1.PolicyOutcome;
import io.holdfast.proto.wire.v1.PreviewDataClassesRequest;
import io.holdfast.proto.wire.v1.PreviewPoliciesRequest;
import java.util.function.Consumer;

/** The Admin calls about policies, without gRPC around them. Any thread; calls block. */
public final class AdminPolicies {
  private final PolicyBook book;
  private final Preview preview;
  private final DataClassPreviews classes;

  public AdminPolicies(PolicyBook book, Preview preview, DataClassPreviews classes) {
    this.book = book;
    this.preview = preview;
    this.classes = classes;
  }

  /** Errors of {@link PolicyBook#apply} and {@link PolicyBook#plan}. */
  public PolicyOutcome applyPolicies(ApplyPoliciesRequest request, String actor)
      throws InterruptedException {
    return view(
        request.getDryRun()
            ? book.plan(request.getFile(), request.getText())
            : book.apply(request.getFile(), request.getText(), request.getConfirmed(), actor));
  }

  /** What applying it would change; INVALID_CONFIGURATION. */
  PolicyOutcome plan(ApplyPoliciesRequest request) {
    return view(book.plan(request.getFile(), request.getText()));
  }

  /** Errors of {@link PolicyBook#delete}. */
  public PolicyOutcome deletePolicy(DeletePolicyRequest request, String actor)
      throws InterruptedException {
    return view(book.delete(request.getName(), request.getConfirmed(), actor));
  }

  /** Hands every policy in force to {@code out}, by name. */
  public void listPolicies(Consumer<Policy> out) {
    book.all().forEach(stored -> out.accept(view(stored)));
  }

  /** POLICY_NOT_FOUND. */
  public Policy showPolicy(PolicyName request) {
    return view(book.get(request.getName()));
  }

  /** Errors of {@link Preview#list}. */
  public void previewPolicies(PreviewPoliciesRequest request, Consumer<PlannedRun> out) {
    preview.list(request, out);
  }

  /** Errors of {@link DataClassPreviews#list}. */
  public void previewDataClasses(
      PreviewDataClassesRequest request, Consumer<DataClassPreview> out) {
    classes.list(request, out);
  }

  private Policy view(StoredPolicy stored) {
    return Policy.newBuilder()
        .setName(stored.policy().name())
        .setVersion(stored.version())
        .setAppliedMillis(stored.timeMillis())
        .setActor(stored.actor())
        .setText(PolicyWriter.write(stored.policy()))
        .addAllDataClasses(stored.policy().dataClasses().stream().map(DataClass::name).toList())
        .setHosts(book.hostsOf(stored.policy()))
        .build();
  }

  private static PolicyOutcome view(PolicyBook.Outcome outcome) {
    return PolicyOutcome.newBuilder()
        .addAllChanges(outcome.changes().stream().map(AdminPolicies::view).toList())
        .addAllWarnings(outcome.warnings())
        .build();
  }

  private static PolicyChange view(io.holdfast.coordinator.policy.book.PolicyChange change) {
    return PolicyChange.newBuilder()
        .setName(change.name())
        .setKind(kind(change.kind()))
        .addAllFields(change.fields().stream().map(Object::toString).toList())
        .addAllShortenings(
            change.shortenings().stream()
                .map(each -> each.dataClass() + ": " + each.text())
                .toList())
        .build();
  }

  private static PolicyChangeKind kind(io.holdfast.coordinator.policy.book.PolicyChange.Kind kind) {
    return switch (kind) {
      case CREATED -> PolicyChangeKind.POLICY_CHANGE_KIND_CREATED;
      case CHANGED -> PolicyChangeKind.POLICY_CHANGE_KIND_CHANGED;
      case UNCHANGED -> PolicyChangeKind.POLICY_CHANGE_KIND_UNCHANGED;
      case DELETED -> PolicyChangeKind.POLICY_CHANGE_KIND_DELETED;
    };
  }
}
