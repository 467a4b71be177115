package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.AccessToken;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.ActKind;
import io.holdfast.proto.wire.v1.AddPersonRequest;
import io.holdfast.proto.wire.v1.Alarm;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.Approval;
import io.holdfast.proto.wire.v1.ApprovalRule;
import io.holdfast.proto.wire.v1.ApprovalState;
import io.holdfast.proto.wire.v1.AuditEntry;
import io.holdfast.proto.wire.v1.CreateAccessTokenRequest;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.DeletePolicyRequest;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import io.holdfast.proto.wire.v1.Hold;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.HostSorted;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.LabelHostRequest;
import io.holdfast.proto.wire.v1.ListApprovalsRequest;
import io.holdfast.proto.wire.v1.ListAuditRequest;
import io.holdfast.proto.wire.v1.MoveHostRequest;
import io.holdfast.proto.wire.v1.PersonRole;
import io.holdfast.proto.wire.v1.ReleaseHoldRequest;
import io.holdfast.proto.wire.v1.ReplaceHostRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.SetHoldRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import io.holdfast.proto.wire.v1.VerifyAuditEvent;
import io.holdfast.proto.wire.v1.VerifyAuditResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People on other machines, each under his own name, against a real coordinator. */
@Timeout(300)
class PeopleTest {
  @TempDir Path directory;
  private Fleet fleet;
  private AdminLink anna;
  private AdminLink bert;
  private AdminLink olga;

  @BeforeEach
  void found() throws Exception {
    fleet = Fleet.found(directory.resolve("fleet"));
    anna = join("anna", PersonRole.PERSON_ROLE_ADMIN);
    bert = join("bert", PersonRole.PERSON_ROLE_ADMIN);
    olga = join("olga", PersonRole.PERSON_ROLE_OPERATOR);
  }

  @AfterEach
  void stop() {
    List.of(anna, bert, olga).forEach(AdminLink::close);
    fleet.stop();
  }

  private AdminLink join(String name, PersonRole role) {
    try (AdminLink root = fleet.admin()) {
      root.people().add(AddPersonRequest.newBuilder().setName(name).setRole(role).build());
      String secret =
          root.people()
              .createToken(CreateAccessTokenRequest.newBuilder().setName(name).build())
              .getSecret();
      return fleet.admin(AccessToken.parse(secret));
    }
  }

  private void requireSecondPerson(ActKind... kinds) {
    anna.people()
        .setRule(
            ApprovalRule.newBuilder().addAllKinds(List.of(kinds)).setValidSeconds(3600).build());
  }

  private static Approval waiting(AdminLink link) {
    List<Approval> found = new ArrayList<>();
    link.people().approvals(ListApprovalsRequest.getDefaultInstance(), found::add);
    return found.stream()
        .filter(one -> one.getState() == ApprovalState.APPROVAL_STATE_OPEN)
        .findFirst()
        .orElseThrow();
  }

  private static String id(Approval approval) {
    return HexFormat.of().formatHex(approval.getApproval().toByteArray());
  }

  private static void assertCode(ErrorCode code, Runnable call) {
    HoldfastException why = assertThrows(HoldfastException.class, call::run);
    assertEquals(code, why.code(), why.getMessage());
  }

  private List<AuditEntry> audit(ListAuditRequest request) {
    List<AuditEntry> entries = new ArrayList<>();
    olga.audit().entries(request, entries::add);
    return entries;
  }

  private static VerifyAuditResult verify(AdminLink link) {
    AtomicReference<VerifyAuditResult> result = new AtomicReference<>();
    link.audit()
        .verify(event -> {
          if (event.getEventCase() == VerifyAuditEvent.EventCase.RESULT) {
            result.set(event.getResult());
          }
        });
    return result.get();
  }

  @Test
  void shouldKnowPeopleByTheirTokensAndKeepThemToTheirRoles() throws Exception {
    assertEquals("olga", olga.people().whoAmI().getName());
    assertEquals(PersonRole.PERSON_ROLE_ADMIN, anna.people().whoAmI().getRole());
    assertTrue(olga.status().getLeader());
    fleet.enrol("web").close();
    assertCode(ErrorCode.NOT_AUTHORISED, () -> olga.revokeHost("web"));
    assertCode(ErrorCode.NOT_AUTHORISED, () -> olga.exportKeys());
    anna.revokeHost("web");
    List<AuditEntry> entries = audit(ListAuditRequest.newBuilder().setActor("anna").build());
    assertEquals("revoke", entries.getLast().getAction());
    assertEquals("web", entries.getLast().getHostName());
    try (AdminLink root = fleet.admin()) {
      root.people().remove("anna");
    }
    assertCode(ErrorCode.ACCESS_TOKEN_INVALID, () -> anna.status());
  }

  @Test
  void shouldRestoreToAnotherHostOnceASecondPersonSaysSo() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "web's own");
    try (ProtectedHost web = fleet.enrol("web")) {
      web.backup(source);
    }
    fleet.enrol("db").close();
    requireSecondPerson(ActKind.ACT_KIND_RESTORE_TO_ANOTHER_HOST);
    try (AgentNode _ = agent("db")) {
      awaitConnected();
      assertCode(ErrorCode.APPROVAL_REQUIRED, () -> olga.restore(toDb("latest:web"), event -> {}));
      Approval asked = waiting(bert);
      assertTrue(asked.getEffect().contains("of web ("), asked.getEffect());
      assertTrue(asked.getEffect().contains("to db ("), asked.getEffect());
      assertCode(ErrorCode.NOT_AUTHORISED, () -> olga.people().give(id(asked)));
      assertFalse(Files.exists(restored(source)), "nothing happened yet");
      Approval given = bert.people().give(id(asked));
      assertEquals(ApprovalState.APPROVAL_STATE_CARRIED_OUT, given.getState());
      String job = given.getText().split(" ", -1)[1];
      List<JobEvent> events = new ArrayList<>();
      olga.watchJob(job, events::add);
      assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, events.getLast().getResult().getOutcome());
      Job shown = olga.job(job);
      assertEquals("olga", shown.getActor(), "it is the asker's");
      assertCode(ErrorCode.APPROVAL_CLOSED, () -> anna.people().give(id(asked)));
    }
    assertEquals("web's own", Files.readString(restored(source)));
    assertTold(List.of("approval_ask olga", "approval_give bert", "restore olga"));
  }

  private void assertTold(List<String> inOrder) {
    List<String> told =
        audit(ListAuditRequest.getDefaultInstance()).stream()
            .map(entry -> entry.getAction() + " " + entry.getActor())
            .filter(inOrder::contains)
            .toList();
    assertEquals(inOrder, told);
  }

  private Path restored(Path source) {
    return directory.resolve("restored").resolve(source.toString().substring(1)).resolve("file");
  }

  private StartRestoreRequest toDb(String snapshot) {
    String target = directory.resolve("restored").toString();
    return StartRestoreRequest.newBuilder()
        .setSnapshot(snapshot)
        .setHost("db")
        .setOrder(RestoreOrder.newBuilder().setTarget(ByteString.copyFromUtf8(target)))
        .build();
  }

  private AgentNode agent(String host) {
    String text =
        """
        version: 1
        data_dir: %s
        coordinators: ["%s"]
        restore:
          allow: ["%s"]
        """
            .formatted(
                fleet.root.resolve("agent-" + host),
                fleet.endpoint(),
                directory.resolve("restored"));
    AgentConfig config =
        new ConfigLoader<>(AgentConfig.class, name -> Optional.empty())
            .parse("test", text, List.of())
            .value();
    return AgentNode.start(config, fleet.time, fleet.randomness);
  }

  private void awaitConnected() throws InterruptedException {
    while (olga.status().getHostsConnected() == 0) {
      fleet.time.sleep(Duration.ofMillis(50));
    }
  }

  @Test
  void shouldMoveAHostOnceASecondPersonSaysSoAndKeepItsTokenOutOfTheRequest() throws Exception {
    Fleet other = Fleet.found(directory.resolve("other"));
    fleet.enrol("db").close();
    String token;
    try (AdminLink admin = other.admin()) {
      token =
          admin
              .createToken(CreateTokenRequest.newBuilder().setValidSeconds(600).build())
              .getToken();
    }
    MoveHostRequest request = MoveHostRequest.newBuilder().setHost("db").setToken(token).build();
    assertCode(ErrorCode.NOT_AUTHORISED, () -> olga.moveHost(request));
    requireSecondPerson(ActKind.ACT_KIND_HOST_MOVE);
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> anna.moveHost(request));
    Approval asked = waiting(bert);
    assertTrue(asked.getEffect().contains(other.endpoint().toString()), asked.getEffect());
    assertEquals(ApprovalState.APPROVAL_STATE_GIVEN, bert.people().give(id(asked)).getState());
    try (AgentNode _ = agent("db")) {
      awaitConnected(); // which doesn't allow it: but so far it comes
      assertCode(ErrorCode.TARGET_NOT_ALLOWED, () -> anna.moveHost(request));
    }
    assertTold(List.of("approval_ask anna", "approval_give bert", "move anna", "move anna"));
    other.close();
  }

  @Test
  void shouldEraseAHostOnceASecondPersonSaysSo() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "web's own");
    try (ProtectedHost web = fleet.enrol("web")) {
      web.backup(source);
    }
    assertCode(ErrorCode.NOT_AUTHORISED, () -> olga.keys().eraseHost("web", "erase web"));
    anna.decommissionHost("web");
    requireSecondPerson(ActKind.ACT_KIND_HOST_ERASE);
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> anna.keys().eraseHost("web", "erase web"));
    Approval asked = waiting(bert);
    assertTrue(asked.getEffect().contains("1 snapshots of web ("), asked.getEffect());
    assertEquals(List.of(), erased());
    assertEquals(
        ApprovalState.APPROVAL_STATE_CARRIED_OUT,
        bert.people().give(id(asked)).getState(),
        "in anna's name");
    assertEquals(List.of("web"), erased());
    assertTold(List.of("approval_ask anna", "approval_give bert", "erase anna"));
  }

  private List<String> erased() {
    List<String> names = new ArrayList<>();
    anna.hosts(host -> {
      if (host.getErased()) {
        names.add(host.getName());
      }
    });
    return names;
  }

  @Test
  void shouldShowTheKitToItsAskerOnceAndToNobodyElse() {
    requireSecondPerson(ActKind.ACT_KIND_KEY_EXPORT);
    assertCode(ErrorCode.APPROVAL_REQUIRED, anna::exportKeys);
    Approval asked = waiting(bert);
    assertEquals(ApprovalState.APPROVAL_STATE_GIVEN, bert.people().give(id(asked)).getState());
    assertCode(ErrorCode.APPROVAL_REQUIRED, bert::exportKeys);
    assertTrue(anna.exportKeys().contains("Checksum"));
    assertCode(ErrorCode.APPROVAL_REQUIRED, anna::exportKeys);
  }

  @Test
  void oneAdminShouldNotHaveAKitUnderAPassphraseOfHisOwn() throws Exception {
    requireSecondPerson(ActKind.ACT_KIND_KEY_EXPORT);
    String before = vaultKeys();
    byte[] words = "words that only anna knows".getBytes(StandardCharsets.UTF_8);
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> anna.keys().rotateMaster(words.clone()));
    assertEquals(before, vaultKeys());
    Approval asked = waiting(bert);
    assertTrue(asked.getEffect().contains("a passphrase that its asker chooses"));
    assertEquals(ApprovalState.APPROVAL_STATE_GIVEN, bert.people().give(id(asked)).getState());
    assertTrue(anna.keys().rotateMaster(words.clone()).getKit().contains("Checksum"));
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> anna.keys().rotateMaster(words.clone()));
  }

  private String vaultKeys() throws IOException {
    try (Stream<Path> files = Files.walk(fleet.vault().resolve("keys"))) {
      return files.map(Path::toString).sorted().collect(Collectors.joining(" "));
    }
  }

  @Test
  void shouldNotLetOneAdminMakeHimselfTwoOrBeRidOfTheRule() {
    requireSecondPerson(ActKind.ACT_KIND_HOST_REVOKE);
    AddPersonRequest mallory =
        AddPersonRequest.newBuilder()
            .setName("mallory")
            .setRole(PersonRole.PERSON_ROLE_ADMIN)
            .build();
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> anna.people().add(mallory));
    CreateAccessTokenRequest forBert =
        CreateAccessTokenRequest.newBuilder().setName("bert").build();
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> anna.people().createToken(forBert));
    assertCode(
        ErrorCode.APPROVAL_REQUIRED,
        () -> anna.people().setRule(ApprovalRule.getDefaultInstance()));
    CreateAccessTokenRequest forHerself =
        CreateAccessTokenRequest.newBuilder().setName("anna").build();
    assertTrue(anna.people().createToken(forHerself).getSecret().startsWith("hfa1."));
    Approval rule =
        approvals().stream()
            .filter(one -> one.getKind() == ActKind.ACT_KIND_APPROVAL_RULE)
            .findFirst()
            .orElseThrow();
    bert.people().give(id(rule));
    assertEquals(List.of(), anna.people().rule().getKindsList());
    assertEquals("mallory", anna.people().add(mallory).getName());
  }

  @Test
  void shouldGoOnWithTheHistoryOfTheHostThatWasReplaced() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "before");
    try (ProtectedHost web = fleet.enrol("web")) {
      web.backup(source);
    }
    ByteString snapshot = olga.snapshot("latest:web").getSnapshot();
    anna.renameHost("web", "web-old");
    fleet.enrol("db").close();
    requireSecondPerson(ActKind.ACT_KIND_RESTORE_TO_ANOTHER_HOST);
    ReplaceHostRequest replace =
        ReplaceHostRequest.newBuilder().setFormer("web-old").setSuccessor("db").build();
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> anna.replaceHost(replace));
    bert.people().give(id(waiting(bert)));
    assertEquals(snapshot, olga.snapshot("latest:db").getSnapshot());
    AtomicReference<JobEvent> last = new AtomicReference<>();
    try (AgentNode _ = agent("db")) {
      awaitConnected();
      olga.restore(toDb("latest:db"), last::set);
    }
    assertEquals(
        JobOutcome.JOB_OUTCOME_COMPLETE,
        last.get().getResult().getOutcome(),
        "its own history needs no second person");
    assertEquals("before", Files.readString(restored(source)));
    List<Host> ended = new ArrayList<>();
    olga.hosts(ended::add);
    assertEquals(
        List.of("web-old"),
        ended.stream().filter(Host::getDecommissioned).map(Host::getName).toList());
  }

  private static ApplyPoliciesRequest daily(int count, boolean confirmed) {
    String text =
        """
        apiVersion: holdfast/v1
        kind: Policy
        metadata: {name: servers}
        spec:
          selector: {}
          source: {files: {include: [/etc]}}
          schedule: {cron: "@daily"}
          retention: {daily: %d}
        """
            .formatted(count);
    return ApplyPoliciesRequest.newBuilder()
        .setFile("p.yaml")
        .setText(text)
        .setConfirmed(confirmed)
        .build();
  }

  @Test
  void shouldLetPoliciesKeepLessOnlyByTwo() {
    requireSecondPerson(ActKind.ACT_KIND_POLICY_SHORTENING);
    assertEquals(1, anna.applyPolicies(daily(7, true)).getChangesCount(), "nothing goes by it");
    assertEquals(1, anna.applyPolicies(daily(14, true)).getChangesCount());
    assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> anna.applyPolicies(daily(3, false)));
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> anna.applyPolicies(daily(3, true)));
    assertEquals(2, anna.policy("servers").getVersion());
    Approval asked = waiting(bert);
    assertTrue(asked.getEffect().contains("daily 14 -> 3"), asked.getEffect());
    bert.people().give(id(asked));
    assertEquals(3, anna.policy("servers").getVersion());
    assertEquals("anna", anna.policy("servers").getActor());
    DeletePolicyRequest delete =
        DeletePolicyRequest.newBuilder().setName("servers").setConfirmed(true).build();
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> bert.deletePolicy(delete));
    anna.people().give(id(waiting(anna)));
    assertCode(ErrorCode.POLICY_NOT_FOUND, () -> anna.policy("servers"));
  }

  @Test
  void shouldTakeAHostOutOfAPolicyOnlyByTwo() throws Exception {
    fleet.enrol("web").close();
    LabelHostRequest label =
        LabelHostRequest.newBuilder().setHost("web").putSet("role", "web").build();
    assertCode(ErrorCode.NOT_AUTHORISED, () -> olga.labelHost(label));
    assertTrue(anna.labelHost(label).getChanged());
    ApplyPoliciesRequest daily = daily(7, true);
    String selector = "selector: {matchLabels: {role: web}}";
    anna.applyPolicies(
        daily.toBuilder().setText(daily.getText().replace("selector: {}", selector)).build());
    requireSecondPerson(ActKind.ACT_KIND_POLICY_SHORTENING);
    LabelHostRequest other = label.toBuilder().putSet("rack", "7").setConfirmed(true).build();
    assertTrue(anna.labelHost(other).getChanged(), "nothing goes by it");
    LabelHostRequest leave = LabelHostRequest.newBuilder().setHost("web").addRemove("role").build();
    assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> anna.labelHost(leave));
    LabelHostRequest confirmed = leave.toBuilder().setConfirmed(true).build();
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> anna.labelHost(confirmed));
    Approval asked = waiting(bert);
    assertTrue(asked.getEffect().contains("no longer fits web"), asked.getEffect());
    bert.people().give(id(asked));
    HostSorted sorted =
        anna.labelHost(LabelHostRequest.newBuilder().setHost("web").setDryRun(true).build());
    assertEquals(Map.of("rack", "7"), sorted.getFacts().getLabelsMap());
    assertEquals(0, sorted.getPoliciesCount());
  }

  @Test
  void shouldDeleteSnapshotsAndReleaseHoldsOnlyByTwo() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "one");
    try (ProtectedHost web = fleet.enrol("web")) {
      web.backup(source);
      Files.writeString(source.resolve("file"), "two");
      web.backup(source);
    }
    String newest =
        HexFormat.of().formatHex(olga.snapshot("latest:web").getSnapshot().toByteArray());
    olga.setHold(SetHoldRequest.newBuilder().setName("case 7").addSnapshots("latest:web").build());
    requireSecondPerson(ActKind.ACT_KIND_SNAPSHOT_DELETE, ActKind.ACT_KIND_HOLD_RELEASE);
    DeleteSnapshotsRequest delete =
        DeleteSnapshotsRequest.newBuilder().addSnapshots("latest:web").setConfirmed(true).build();
    assertCode(ErrorCode.SNAPSHOT_HELD, () -> olga.deleteSnapshots(delete));
    assertEquals(List.of(), approvals(), "what can't be needs nobody");

    ReleaseHoldRequest release =
        ReleaseHoldRequest.newBuilder().setHold("case 7").setConfirmed(true).build();
    assertCode(
        ErrorCode.CONFIRMATION_REQUIRED,
        () -> olga.releaseHold(release.toBuilder().setConfirmed(false).build()));
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> olga.releaseHold(release));
    Approval asked = waiting(bert);
    assertEquals(List.of("approval_waiting"), alarmsOfPeople());
    assertTrue(asked.getEffect().contains("hold 'case 7'"), asked.getEffect());
    assertTrue(asked.getEffect().contains(newest.substring(0, 12)), asked.getEffect());
    assertCode(ErrorCode.NOT_AUTHORISED, () -> olga.people().give(id(asked)));
    bert.people().give(id(asked));
    assertEquals(List.of(), alarmsOfPeople());
    List<Hold> holds = new ArrayList<>();
    olga.holds(holds::add);
    assertEquals(List.of(), holds);

    assertCode(
        ErrorCode.CONFIRMATION_REQUIRED,
        () -> olga.deleteSnapshots(delete.toBuilder().setConfirmed(false).build()));
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> olga.deleteSnapshots(delete));
    Approval deletion = waiting(bert);
    assertTrue(deletion.getEffect().contains("1 snapshot of web ("), deletion.getEffect());
    assertTrue(deletion.getEffect().contains(newest.substring(0, 12)), deletion.getEffect());
    assertEquals(
        newest,
        HexFormat.of().formatHex(olga.snapshot("latest:web").getSnapshot().toByteArray()),
        "nothing happened yet");
    assertEquals(
        ApprovalState.APPROVAL_STATE_CARRIED_OUT, bert.people().give(id(deletion)).getState());
    assertCode(ErrorCode.SNAPSHOT_DELETED, () -> olga.snapshot(newest));
    AuditEntry told = audit(ListAuditRequest.newBuilder().setActor("olga").build()).getLast();
    assertEquals("delete", told.getAction(), "in the name of who asked");
    assertCode(ErrorCode.APPROVAL_CLOSED, () -> anna.people().give(id(deletion)));
  }

  private List<String> alarmsOfPeople() {
    return olga.status().getAlarmsList().stream()
        .map(Alarm::getKind)
        .filter(kind -> kind.startsWith("approval"))
        .toList();
  }

  private List<Approval> approvals() {
    List<Approval> found = new ArrayList<>();
    bert.people().approvals(ListApprovalsRequest.getDefaultInstance(), found::add);
    return found;
  }

  @Test
  void shouldKeepWhatWaitsOverARestartAndVouchForTheJournal() throws Exception {
    requireSecondPerson(ActKind.ACT_KIND_HOST_REVOKE);
    fleet.enrol("web").close();
    assertCode(ErrorCode.APPROVAL_REQUIRED, () -> anna.revokeHost("web"));
    fleet.stop();
    fleet.start();
    Approval asked = waiting(bert);
    assertEquals("anna", asked.getAsker());
    bert.people().give(id(asked));
    List<Boolean> revoked = new ArrayList<>();
    olga.hosts(host -> revoked.add(host.getRevoked()));
    assertEquals(List.of(true), revoked);

    VerifyAuditResult vouched = verify(olga);
    assertEquals(1, vouched.getFirstSeq());
    assertEquals(3, vouched.getTerms(), "the founder's, and each start's");
    assertTrue(vouched.getEntries() > 0);
    assertEquals(vouched.getLastSeq(), vouched.getRecords() + vouched.getVoids());
    flip(fleet.vault().resolve("journal").resolve("%020d".formatted(3)));
    assertCode(ErrorCode.JOURNAL_DAMAGED, () -> verify(olga));
  }

  private static void flip(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    assertTrue(file.toFile().setWritable(true));
    Files.write(file, bytes);
  }
}
