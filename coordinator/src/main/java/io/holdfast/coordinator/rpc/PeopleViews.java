package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PersonId;
import io.holdfast.coordinator.catalog.RecordedAccessToken;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.people.AccessTokens;
import io.holdfast.coordinator.people.Approval.State;
import io.holdfast.coordinator.people.Caller;
import io.holdfast.proto.wire.v1.AccessToken;
import io.holdfast.proto.wire.v1.ActKind;
import io.holdfast.proto.wire.v1.Approval;
import io.holdfast.proto.wire.v1.ApprovalRule;
import io.holdfast.proto.wire.v1.ApprovalState;
import io.holdfast.proto.wire.v1.Person;
import io.holdfast.proto.wire.v1.PersonRole;
import io.holdfast.proto.wire.v1.WhoAmIAnswer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** People, tokens and approvals, between the coordinator's words and the wire's. */
final class PeopleViews {
  private PeopleViews() {}

  static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /** INVALID_ARGUMENT for a role that this version doesn't know. */
  static Role role(PersonRole wire) {
    return switch (wire) {
      case PERSON_ROLE_VIEWER -> Role.VIEWER;
      case PERSON_ROLE_OPERATOR -> Role.OPERATOR;
      case PERSON_ROLE_ADMIN -> Role.ADMIN;
      case PERSON_ROLE_UNSPECIFIED, UNRECOGNIZED ->
          throw new HoldfastException(
              ErrorCode.INVALID_ARGUMENT, "a person is viewer, operator or admin");
    };
  }

  private static PersonRole wire(Role role) {
    return switch (role) {
      case VIEWER -> PersonRole.PERSON_ROLE_VIEWER;
      case OPERATOR -> PersonRole.PERSON_ROLE_OPERATOR;
      case ADMIN -> PersonRole.PERSON_ROLE_ADMIN;
      case STRANGER, HOST, MOVED_HOST, COORDINATOR -> PersonRole.PERSON_ROLE_UNSPECIFIED;
    };
  }

  static WhoAmIAnswer view(Caller caller) {
    WhoAmIAnswer.Builder answer =
        WhoAmIAnswer.newBuilder()
            .setName(caller.actor().name())
            .setRole(wire(caller.actor().role()))
            .setTokenExpiresMillis(caller.tokenExpiresMillis());
    caller.actor().person().map(PeopleViews::bytes).ifPresent(answer::setPerson);
    return answer.build();
  }

  private static ByteString bytes(PersonId id) {
    return ByteString.copyFrom(id.toByteArray());
  }

  static Person view(io.holdfast.coordinator.people.Person person, int tokens) {
    return Person.newBuilder()
        .setPerson(bytes(person.id()))
        .setName(person.name())
        .setRole(wire(person.role()))
        .setSetMillis(person.setMillis())
        .setSetBy(person.setBy())
        .setTokens(tokens)
        .build();
  }

  static AccessToken view(AccessTokens.Known known) {
    RecordedAccessToken token = known.token();
    return AccessToken.newBuilder()
        .setToken(ByteString.copyFrom(token.id().toByteArray()))
        .setPersonName(known.owner())
        .setPurpose(known.purpose())
        .setCreatedMillis(token.createdMillis())
        .setCreatedBy(known.createdBy())
        .setExpiresMillis(token.expiresMillis())
        .setRevoked(token.isRevoked())
        .build();
  }

  static Approval view(io.holdfast.coordinator.people.Approval approval) {
    return Approval.newBuilder()
        .setApproval(ByteString.copyFrom(approval.id().toByteArray()))
        .setKind(wire(approval.kind()))
        .setState(wire(approval.state()))
        .setAsker(approval.asker())
        .setAskedMillis(approval.askedMillis())
        .setExpiresMillis(approval.expiresMillis())
        .setMethod(approval.method())
        .setEffect(approval.effect())
        .setDecider(approval.decider())
        .setDecidedMillis(approval.decidedMillis())
        .setText(approval.text())
        .build();
  }

  private static ApprovalState wire(State state) {
    return switch (state) {
      case OPEN -> ApprovalState.APPROVAL_STATE_OPEN;
      case GIVEN -> ApprovalState.APPROVAL_STATE_GIVEN;
      case BEGUN -> ApprovalState.APPROVAL_STATE_BEGUN;
      case INTERRUPTED -> ApprovalState.APPROVAL_STATE_INTERRUPTED;
      case REFUSED -> ApprovalState.APPROVAL_STATE_REFUSED;
      case EXPIRED -> ApprovalState.APPROVAL_STATE_EXPIRED;
      case CARRIED_OUT -> ApprovalState.APPROVAL_STATE_CARRIED_OUT;
      case FAILED -> ApprovalState.APPROVAL_STATE_FAILED;
    };
  }

  /** The numbers are the same. */
  private static ActKind wire(io.holdfast.proto.stored.v1.ActKind kind) {
    ActKind wire = ActKind.forNumber(kind.getNumber());
    return wire == null ? ActKind.ACT_KIND_UNSPECIFIED : wire;
  }

  static ApprovalRule view(io.holdfast.coordinator.people.ApprovalRule rule) {
    List<ActKind> kinds = rule.inOrder().stream().map(PeopleViews::wire).toList();
    return ApprovalRule.newBuilder()
        .addAllKinds(kinds)
        .setValidSeconds(rule.valid().toSeconds())
        .build();
  }

  /** INVALID_ARGUMENT for a kind that this version doesn't know, and for a wrong validity. */
  static io.holdfast.coordinator.people.ApprovalRule rule(ApprovalRule wire) {
    Set<io.holdfast.proto.stored.v1.ActKind> kinds = new HashSet<>();
    for (int number : wire.getKindsValueList()) {
      var kind = io.holdfast.proto.stored.v1.ActKind.forNumber(number);
      if (kind == null) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "this version knows no kind of act with number " + number + "; update the coordinator");
      }
      kinds.add(kind);
    }
    return new io.holdfast.coordinator.people.ApprovalRule(
        kinds, Duration.ofSeconds(wire.getValidSeconds()));
  }
}
