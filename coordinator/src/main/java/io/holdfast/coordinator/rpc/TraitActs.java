package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.fleet.Facts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.people.Act;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.Approvals;
import io.holdfast.coordinator.policy.book.LabelEdit;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.policy.book.ToldFacts;
import io.holdfast.coordinator.policy.book.TraitBook;
import io.holdfast.coordinator.policy.book.TraitChange;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.wire.v1.AdminGrpc;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.HostSorted;
import io.holdfast.proto.wire.v1.LabelHostRequest;
import io.holdfast.proto.wire.v1.TakeHostFactsRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The calls about what hosts are sorted by, without gRPC around them: each asks whether it needs a
 * second person. Any thread; calls block.
 */
public final class TraitActs {
  private final HostDirectory directory;
  private final TraitBook book;
  private final ToldFacts told;
  private final Approvals approvals;

  private final Act labelHost =
      GuardedAct.of(
          ActKind.ACT_KIND_POLICY_SHORTENING,
          AdminGrpc.getLabelHostMethod(),
          this::effectOf,
          this::carryOut);
  private final Act takeFacts =
      GuardedAct.of(
          ActKind.ACT_KIND_POLICY_SHORTENING,
          AdminGrpc.getTakeHostFactsMethod(),
          this::effectOf,
          this::carryOut);

  public TraitActs(HostDirectory directory, TraitBook book, ToldFacts told, Approvals approvals) {
    this.directory = directory;
    this.book = book;
    this.told = told;
    this.approvals = approvals;
  }

  /** All that may need a second person. */
  public List<Act> all() {
    return List.of(labelHost, takeFacts);
  }

  /** As {@code out}, with what hosts told that waits for a person. */
  Consumer<Host> showing(Consumer<Host> out) {
    return host -> {
      HostId id = HostId.of(host.getHost().toByteArray());
      out.accept(
          told.waiting(id).map(facts -> host.toBuilder().setTold(facts).build()).orElse(host));
    };
  }

  // Labels.

  /** Errors of {@link TraitBook#label} and of finding it, and APPROVAL_REQUIRED. */
  HostSorted labelHost(LabelHostRequest request, Actor actor) throws InterruptedException {
    NamedHost host = directory.find(request.getHost());
    LabelEdit edit = edit(request);
    if (request.getDryRun()) {
      return view(book.plan(host, edit));
    }
    LabelHostRequest named = request.toBuilder().setHost(host.id().toString()).build();
    boolean confirmed =
        request.getConfirmed() && isFree(labelHost, named, actor, () -> book.plan(host, edit));
    return view(book.label(host, edit, confirmed, actor.name()));
  }

  /**
   * Whether {@code actor}'s word is enough. No if a second person's would be needed and nothing may
   * go: if that has changed by then, the book refuses what nobody confirmed. APPROVAL_REQUIRED.
   */
  private boolean isFree(Act act, Message request, Actor actor, Supplier<TraitChange> plan)
      throws InterruptedException {
    if (!approvals.isNeeded(ActKind.ACT_KIND_POLICY_SHORTENING, actor)) {
      return true;
    }
    if (plan.get().shortenings().isEmpty()) {
      return false;
    }
    approvals.require(act, request, actor);
    return true;
  }

  private static LabelEdit edit(LabelHostRequest request) {
    return LabelEdit.of(request.getSetMap(), Set.copyOf(request.getRemoveList()));
  }

  private String effectOf(LabelHostRequest request) {
    NamedHost host = directory.find(request.getHost());
    LabelEdit edit = edit(request);
    return "label " + host + " " + edit + shortenings(book.plan(host, edit));
  }

  private static String shortenings(TraitChange change) {
    return ", by which snapshots may go: " + String.join("; ", change.shortenings());
  }

  private String carryOut(LabelHostRequest request, String asker) throws InterruptedException {
    NamedHost host = directory.find(request.getHost());
    var _ = book.label(host, edit(request), true, asker);
    return host + " was labelled";
  }

  // Facts.

  /**
   * Lets count what the host told, if that waits; else nothing changes. Errors of {@link
   * TraitBook#takeFacts} and of finding it, and APPROVAL_REQUIRED.
   */
  HostSorted takeHostFacts(TakeHostFactsRequest request, Actor actor) throws InterruptedException {
    NamedHost host = directory.find(request.getHost());
    HostFacts facts = told(host);
    if (request.getDryRun()) {
      return view(book.plan(host, facts));
    }
    TakeHostFactsRequest named = request.toBuilder().setHost(host.id().toString()).build();
    boolean confirmed =
        request.getConfirmed() && isFree(takeFacts, named, actor, () -> book.plan(host, facts));
    return view(book.takeFacts(host, facts, confirmed, actor.name()));
  }

  private HostFacts told(NamedHost host) {
    return told.waiting(host.id()).orElse(HostFacts.getDefaultInstance());
  }

  /** Says what the host tells: if that is something else by then, this is another act. */
  private String effectOf(TakeHostFactsRequest request) {
    NamedHost host = directory.find(request.getHost());
    HostFacts facts = told(host);
    return "let count what "
        + host
        + " tells of itself ("
        + (facts.getOperatingSystem() + " " + facts.getArchitecture()).strip()
        + ")"
        + shortenings(book.plan(host, facts));
  }

  private String carryOut(TakeHostFactsRequest request, String asker) throws InterruptedException {
    NamedHost host = directory.find(request.getHost());
    var _ = book.takeFacts(host, told(host), true, asker);
    return "what " + host + " tells of itself counts";
  }

  private static HostSorted view(TraitChange change) {
    return HostSorted.newBuilder()
        .setHost(ByteString.copyFrom(change.after().id().toByteArray()))
        .setName(change.after().name())
        .setChanged(!change.isNone())
        .setFacts(Facts.view(change.after().details()))
        .addAllPolicies(names(change.fitting()))
        .addAllBegun(names(change.begun()))
        .addAllEnded(names(change.ended()))
        .addAllShortenings(change.shortenings())
        .addAllWarnings(change.warnings())
        .build();
  }

  private static List<String> names(List<StoredPolicy> policies) {
    return policies.stream().map(each -> each.policy().name()).toList();
  }
}
