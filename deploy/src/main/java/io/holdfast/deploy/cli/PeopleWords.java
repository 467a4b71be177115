package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Fields;
import io.holdfast.proto.wire.v1.AccessToken;
import io.holdfast.proto.wire.v1.ActKind;
import io.holdfast.proto.wire.v1.Approval;
import io.holdfast.proto.wire.v1.ApprovalRule;
import io.holdfast.proto.wire.v1.ApprovalState;
import io.holdfast.proto.wire.v1.AuditEntry;
import io.holdfast.proto.wire.v1.Person;
import io.holdfast.proto.wire.v1.PersonRole;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** People, tokens, approvals and the audit, as fields and words. */
final class PeopleWords {
  private static final String ROLE = "PERSON_ROLE_";
  private static final String KIND = "ACT_KIND_";
  private static final String STATE = "APPROVAL_STATE_";

  private PeopleWords() {}

  /** A role from the command line. */
  static final class RoleOption implements ITypeConverter<PersonRole> {
    @Override
    public PersonRole convert(String text) {
      return Arrays.stream(PersonRole.values())
          .filter(role -> role != PersonRole.UNRECOGNIZED)
          .filter(role -> role != PersonRole.PERSON_ROLE_UNSPECIFIED && word(role).equals(text))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException("\"" + text + "\" is none of viewer, operator, admin"));
    }
  }

  /** What a second person is wanted for, from the command line. */
  static final class KindOption implements ITypeConverter<ActKind> {
    @Override
    public ActKind convert(String text) {
      return kinds().stream()
          .filter(kind -> word(kind).equals(text))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException(
                  "\""
                      + text
                      + "\" is none of "
                      + kinds().stream().map(PeopleWords::word).collect(Collectors.joining(", "))));
    }
  }

  static List<ActKind> kinds() {
    return Arrays.stream(ActKind.values())
        .filter(kind -> kind != ActKind.UNRECOGNIZED && kind != ActKind.ACT_KIND_UNSPECIFIED)
        .toList();
  }

  static String word(PersonRole role) {
    return role == PersonRole.UNRECOGNIZED ? "unknown" : word(role.name(), ROLE);
  }

  static String word(ActKind kind) {
    return kind == ActKind.UNRECOGNIZED ? "unknown" : word(kind.name(), KIND);
  }

  private static String word(ApprovalState state) {
    return state == ApprovalState.UNRECOGNIZED
        ? "unknown"
        : word(state.name(), STATE).replace('-', ' ');
  }

  private static String word(String name, String prefix) {
    return name.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Fields fields(Person person) {
    return new Fields()
        .text("user", person.getName())
        .text("role", word(person.getRole()))
        .count("tokens", person.getTokens())
        .time("set", person.getSetMillis())
        .text("set_by", person.getSetBy())
        .id("id", person.getPerson());
  }

  static Fields fields(AccessToken token) {
    return new Fields()
        .id("token", token.getToken())
        .text("user", token.getPersonName())
        .text("purpose", token.getPurpose())
        .time("created", token.getCreatedMillis())
        .text("created_by", token.getCreatedBy())
        .time("expires", token.getExpiresMillis())
        .flag("revoked", token.getRevoked());
  }

  static Fields fields(Approval approval) {
    return new Fields()
        .id("approval", approval.getApproval())
        .text("kind", word(approval.getKind()))
        .text("state", word(approval.getState()))
        .text("asker", approval.getAsker())
        .time("asked", approval.getAskedMillis())
        .time("expires", approval.getExpiresMillis())
        .text("effect", approval.getEffect())
        .text("call", approval.getMethod())
        .text("decider", approval.getDecider())
        .time("decided", approval.getDecidedMillis())
        .text("text", approval.getText());
  }

  static Fields fields(ApprovalRule rule) {
    return new Fields()
        .texts("second_person_for", rule.getKindsList().stream().map(PeopleWords::word).toList())
        .duration("valid", Duration.ofSeconds(rule.getValidSeconds()));
  }

  static Fields fields(AuditEntry entry) {
    return new Fields()
        .time("time", entry.getTimeMillis())
        .text("actor", entry.getActor())
        .text("action", entry.getAction())
        .text("host", entry.getHostName())
        .id("host_id", entry.getHost())
        .text("text", entry.getText())
        .count("journal_seq", entry.getSeq())
        .id("record_hash", entry.getRecordHash());
  }
}
