package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.AccessToken;
import io.holdfast.proto.wire.v1.AccessTokenName;
import io.holdfast.proto.wire.v1.ActKind;
import io.holdfast.proto.wire.v1.AddPersonRequest;
import io.holdfast.proto.wire.v1.Approval;
import io.holdfast.proto.wire.v1.ApprovalName;
import io.holdfast.proto.wire.v1.ApprovalRule;
import io.holdfast.proto.wire.v1.ApprovalState;
import io.holdfast.proto.wire.v1.AuditEntry;
import io.holdfast.proto.wire.v1.CreateAccessTokenAnswer;
import io.holdfast.proto.wire.v1.CreateAccessTokenRequest;
import io.holdfast.proto.wire.v1.ListAuditRequest;
import io.holdfast.proto.wire.v1.Person;
import io.holdfast.proto.wire.v1.PersonRole;
import io.holdfast.proto.wire.v1.RefuseApprovalRequest;
import io.holdfast.proto.wire.v1.SetRoleRequest;
import io.holdfast.proto.wire.v1.VerifyAuditEvent;
import io.holdfast.proto.wire.v1.VerifyAuditProgress;
import io.holdfast.proto.wire.v1.VerifyAuditResult;
import io.holdfast.proto.wire.v1.WhoAmIAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeopleCommandsTest extends CommandLineFixture {
  private static final Person ANNA =
      Person.newBuilder()
          .setPerson(ByteString.fromHex("0102030405060708090a0b0c0d0e0f10"))
          .setName("anna")
          .setRole(PersonRole.PERSON_ROLE_ADMIN)
          .setSetMillis(Samples.MILLIS)
          .setSetBy("local operator")
          .setTokens(2)
          .build();

  private static final AccessToken TOKEN =
      AccessToken.newBuilder()
          .setToken(ByteString.fromHex("aabbccddeeff".repeat(5) + "aabb"))
          .setPersonName("anna")
          .setPurpose("laptop")
          .setCreatedMillis(Samples.MILLIS)
          .setCreatedBy("local operator")
          .setExpiresMillis(Samples.MILLIS + 1000)
          .build();

  private static final Approval APPROVAL =
      Approval.newBuilder()
          .setApproval(ByteString.fromHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"))
          .setKind(ActKind.ACT_KIND_HOST_REVOKE)
          .setState(ApprovalState.APPROVAL_STATE_OPEN)
          .setAsker("anna")
          .setAskedMillis(Samples.MILLIS)
          .setExpiresMillis(Samples.MILLIS + 1000)
          .setMethod("holdfast.wire.v1.Admin/RevokeHost")
          .setEffect("lock web1 out for good")
          .build();

  @Test
  void shouldAddListAndChangePeople() {
    admin().script(ANNA);
    assertTrue(runWell("user", "add", "anna", "--role", "admin").contains("admin"));
    assertEquals(PersonRole.PERSON_ROLE_ADMIN, admin().request(AddPersonRequest.class).getRole());
    List<String> lines = runWell("user", "ls").lines().toList();
    assertTrue(lines.get(0).startsWith("USER"), lines::toString);
    assertTrue(lines.get(1).contains("local operator"), lines::toString);
    runWell("user", "role", "anna", "viewer");
    assertEquals(PersonRole.PERSON_ROLE_VIEWER, admin().request(SetRoleRequest.class).getRole());
    JsonNode removed = run("user", "remove", "anna", "--json").json().getFirst();
    assertEquals("user", removed.get("message_type").textValue());
    assertEquals("anna", removed.get("user").textValue());
  }

  @Test
  void shouldRefuseARoleThatIsNone() {
    Ended ended = run("user", "add", "anna", "--role", "root");
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("viewer, operator, admin"), ended.err());
  }

  @Test
  void shouldShowATokenOnceOrWriteItForItsOwnerOnly() throws IOException {
    admin()
        .script(CreateAccessTokenAnswer.newBuilder().setSecret("hfa1.X").setToken(TOKEN).build());
    Ended printed = run("user", "token", "create", "anna", "--valid", "7d", "--purpose", "laptop");
    assertEquals("hfa1.X\n", printed.out());
    CreateAccessTokenRequest sent = admin().request(CreateAccessTokenRequest.class);
    assertEquals(Duration.ofDays(7).toSeconds(), sent.getValidSeconds());
    assertEquals("laptop", sent.getPurpose());
    Path file = dir.resolve("token");
    Ended written = run("user", "token", "create", "anna", "--out", file.toString());
    assertFalse(written.toString().contains("hfa1.X"), written::toString);
    assertEquals("hfa1.X\n", Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void shouldListAndRevokeTokens() {
    admin().script(TOKEN);
    assertTrue(runWell("user", "token", "ls").contains("aabbccddee"));
    runWell("user", "token", "revoke", "aabb");
    assertEquals("aabb", admin().request(AccessTokenName.class).getToken());
  }

  @Test
  void shouldTellWhoOneIs() {
    admin()
        .script(
            WhoAmIAnswer.newBuilder()
                .setName("local operator")
                .setRole(PersonRole.PERSON_ROLE_ADMIN)
                .build());
    assertEquals("user  local operator\nrole  admin\n", runWell("whoami"));
  }

  @Test
  void shouldListShowGiveAndRefuseApprovals() {
    admin().script(APPROVAL);
    String list = runWell("approval", "ls");
    assertTrue(list.contains("host-revoke") && list.contains("lock web1 out"), list);
    assertTrue(runWell("approval", "show", "f0f1").contains("Admin/RevokeHost"));
    assertEquals("f0f1", admin().request(ApprovalName.class).getApproval());
    runWell("approval", "refuse", "f0f1", "--reason", "not today");
    assertEquals("not today", admin().request(RefuseApprovalRequest.class).getReason());
    JsonNode given = run("approval", "give", "f0f1", "--json").json().getFirst();
    assertEquals("open", given.get("state").textValue());
  }

  @Test
  void shouldSayWhatWaitsForASecondPerson() {
    admin().failWith(new HoldfastException(ErrorCode.APPROVAL_REQUIRED, "waits as f0f1f2f3"));
    Ended ended = run("--json", "host", "revoke", "web1");
    assertEquals(1, ended.code());
    JsonNode error = Ended.lines(ended.err()).getLast();
    assertEquals("APPROVAL_REQUIRED", error.get("error").textValue());
    assertEquals(734, error.get("number").intValue());
  }

  @Test
  void shouldShowAndChangeTheRule() {
    ApprovalRule rule =
        ApprovalRule.newBuilder()
            .addKinds(ActKind.ACT_KIND_KEY_EXPORT)
            .addKinds(ActKind.ACT_KIND_HOST_REVOKE)
            .setValidSeconds(3600)
            .build();
    admin().script(rule);
    assertTrue(runWell("approval", "rule").contains("key-export"));
    runWell("approval", "rule", "--require", "key-export,host-revoke", "--valid", "1h");
    assertEquals(rule, admin().request(ApprovalRule.class));
    assertEquals(2, run("approval", "rule", "--require-all", "--require-none").code());
    assertEquals(2, run("approval", "rule", "--require", "everything").code());
  }

  @Test
  void shouldSetTheRuleForAllAndForNone() {
    admin().script(ApprovalRule.getDefaultInstance());
    runWell("approval", "rule", "--require-none");
    assertEquals(List.of(), admin().request(ApprovalRule.class).getKindsList());
  }

  private static AuditEntry entry(String text) {
    return AuditEntry.newBuilder()
        .setSeq(12)
        .setRecordHash(ByteString.fromHex("00".repeat(32)))
        .setTimeMillis(Samples.MILLIS)
        .setActor("anna")
        .setAction("revoke")
        .setHostName("web1")
        .setHost(ByteString.fromHex("0102030405060708090a0b0c0d0e0f10"))
        .setText(text)
        .build();
  }

  @Test
  void shouldListTheAudit() {
    admin().script(entry("host revoked"));
    String list = runWell("audit", "ls", "--since", "2026-01-01", "--actor", "anna", "--host", "w");
    assertTrue(list.contains("host revoked") && list.contains("web1"), list);
    ListAuditRequest sent = admin().request(ListAuditRequest.class);
    assertEquals("anna", sent.getActor());
    assertEquals("w", sent.getHost());
    assertEquals(1_767_225_600_000L, sent.getSinceMillis());
    assertEquals(50, sent.getLimit());
    assertTrue(sent.getNewestFirst());
  }

  @Test
  void shouldExportTheAuditAsLinesOfJson() {
    admin().script(entry("one"), entry("two\n\u001b"));
    List<JsonNode> lines = run("audit", "export").json();
    assertEquals(2, lines.size());
    assertEquals("two\n\u001b", lines.get(1).get("text").textValue());
    assertEquals(12, lines.get(0).get("journal_seq").longValue());
    ListAuditRequest sent = admin().request(ListAuditRequest.class);
    assertFalse(sent.getNewestFirst());
    assertEquals(0, sent.getLimit());
  }

  @Test
  void shouldRefuseATimeThatIsNone() {
    assertEquals(2, run("audit", "ls", "--since", "yesterday").code());
    assertEquals(2, run("audit", "ls", "--since", "2026-13-01").code());
  }

  @Test
  void shouldSayWhatTheAuditVouchesFor() {
    admin()
        .script(
            VerifyAuditEvent.newBuilder()
                .setProgress(VerifyAuditProgress.newBuilder().setSeq(1000))
                .build(),
            VerifyAuditEvent.newBuilder()
                .setResult(
                    VerifyAuditResult.newBuilder()
                        .setFirstSeq(1)
                        .setFirstMillis(Samples.MILLIS)
                        .setLastSeq(1234)
                        .setLastMillis(Samples.MILLIS)
                        .setRecords(1230))
                .build());
    JsonNode result = run("audit", "verify", "--json").json().getFirst();
    assertEquals(1234, result.get("last_seq").longValue());
    assertEquals(1230, result.get("records").longValue());
  }
}
