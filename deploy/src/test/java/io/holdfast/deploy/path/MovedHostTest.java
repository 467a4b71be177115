package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.HostMove;
import io.holdfast.agent.enrolment.HostRecord;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentService;
import io.holdfast.agent.node.Moves;
import io.holdfast.agent.node.OwnSnapshots;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.seam.Time;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.HostWithoutRoot;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.MoveHostAnswer;
import io.holdfast.proto.wire.v1.MoveHostRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A host goes from one fleet's repository to another fleet's. */
class MovedHostTest {
  private static final Duration WITHIN = Duration.ofMinutes(1);

  @TempDir Path directory;

  private final MovableTime time = new MovableTime();
  private Fleet here;
  private Fleet there;
  private Path source;

  @BeforeEach
  void found() throws Exception {
    here = Fleet.found(directory.resolve("here"));
    there = Fleet.found(directory.resolve("there"), time);
    here.enrol("web").close();
    source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "content");
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
  }

  private AgentConfig config(Fleet fleet, String host, String move) {
    String text =
        """
        version: 1
        data_dir: %s
        restore:
          allow: ["%s"]
        move:
          %s
        """
            .formatted(state(fleet, host), directory.resolve("restored"), move);
    return new ConfigLoader<>(AgentConfig.class, name -> Optional.empty())
        .parse("test", text, List.of())
        .value();
  }

  private static Path state(Fleet fleet, String host) {
    return fleet.root.resolve("agent-" + host);
  }

  private StateDirectory web() {
    return new StateDirectory(state(here, "web"));
  }

  private AgentConfig mayMove() {
    return config(here, "web", "allow: [\"" + there.endpoint() + "\"]");
  }

  private AgentService agent(AgentConfig config) {
    return AgentService.start(config, Time.system(), here.randomness);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Time time = Time.system();
    long deadline = time.nanos() + WITHIN.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(time.nanos() < deadline, "not within " + WITHIN);
      time.sleep(Duration.ofMillis(10));
    }
  }

  private static void awaitConnected(Fleet fleet, String name) throws InterruptedException {
    await(() -> host(fleet, name).map(Host::getConnected).orElse(false));
  }

  /** The one of that name that isn't out of service, or else one that is. */
  private static Optional<Host> host(Fleet fleet, String name) {
    List<Host> found = new ArrayList<>();
    try (AdminLink admin = fleet.admin()) {
      admin.hosts(host -> {
        if (host.getName().equals(name)) {
          found.add(host);
        }
      });
    }
    return found.stream()
        .filter(host -> !host.getRevoked())
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  private static List<Host> hosts(Fleet fleet) {
    List<Host> found = new ArrayList<>();
    try (AdminLink admin = fleet.admin()) {
      admin.hosts(found::add);
    }
    return found;
  }

  private static String token(Fleet fleet, String name) {
    try (AdminLink admin = fleet.admin()) {
      return admin
          .createToken(
              CreateTokenRequest.newBuilder().setHostName(name).setValidSeconds(600).build())
          .getToken();
    }
  }

  private static MoveHostAnswer move(Fleet from, String token) {
    try (AdminLink admin = from.admin()) {
      return admin.moveHost(MoveHostRequest.newBuilder().setHost("web").setToken(token).build());
    }
  }

  private JobResult backup(Fleet fleet, String host) {
    AtomicReference<JobResult> result = new AtomicReference<>();
    try (AdminLink admin = fleet.admin()) {
      admin.backup(
          StartBackupRequest.newBuilder()
              .setHost(host)
              .setOrder(
                  BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8(source.toString())))
              .build(),
          event -> {
            if (event.hasResult()) {
              result.set(event.getResult());
            }
          });
    }
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.get().getOutcome(), result::toString);
    return result.get();
  }

  private static List<Snapshot> snapshots(Fleet fleet) {
    List<Snapshot> found = new ArrayList<>();
    try (AdminLink admin = fleet.admin()) {
      admin.snapshots(ListSnapshotsRequest.getDefaultInstance(), found::add);
    }
    return found;
  }

  private String restored(Fleet fleet, String snapshot, String host) throws Exception {
    Path target = directory.resolve("restored").resolve(fleet.root.getFileName() + host + "x");
    AtomicReference<JobResult> result = new AtomicReference<>();
    try (AdminLink admin = fleet.admin()) {
      admin.restore(
          StartRestoreRequest.newBuilder()
              .setSnapshot(snapshot)
              .setHost(host)
              .setOrder(
                  RestoreOrder.newBuilder().setTarget(ByteString.copyFromUtf8(target.toString())))
              .build(),
          event -> {
            if (event.hasResult()) {
              result.set(event.getResult());
            }
          });
    }
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.get().getOutcome(), result::toString);
    return Files.readString(Path.of(target + source.toString()).resolve("file"));
  }

  /** By the host's own keys, with no order from anybody. */
  private String restoredOwn(String snapshot) throws Exception {
    Path target = Files.createTempDirectory(directory, "own");
    JobResult result =
        new OwnSnapshots(web(), List.of(), Time.system(), here.randomness)
            .restore(
                new OwnSnapshots.Request(
                    snapshot,
                    "",
                    List.of(),
                    target,
                    Files.createDirectories(directory.resolve("scratch"))),
                progress -> {});
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome(), result::toString);
    return Files.readString(Path.of(target + source.toString()).resolve("file"));
  }

  private static HoldfastException assertCode(ErrorCode code, Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private HostRecord record() {
    return HostIdentity.record(web());
  }

  private List<String> cachedPages() throws Exception {
    if (!Files.isDirectory(web().pages())) {
      return List.of();
    }
    try (var all = Files.walk(web().pages())) {
      return all.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void aHostOrderedAwayShouldBackUpThereAndRestoreWhatItStoredHere() throws Exception {
    try (AgentService _ = agent(mayMove())) {
      awaitConnected(here, "web");
      backup(here, "web");
      Files.writeString(source.resolve("more"), "more");
      String before = hex(backup(here, "web").getSnapshot()); // with a base, whose pages are cached
      HostRecord formerly = record();
      String token = token(there, "web");
      MoveHostAnswer answer = move(here, token);
      assertTrue(answer.getMove().getMovedMillis() > 0, answer.toString());
      assertNotEquals(formerly.repository(), record().repository());
      assertEquals(hex(answer.getMove().getNewHost()), record().host().toString());
      assertEquals(answer, move(here, token), "again does nothing");
      awaitConnected(there, "web");
      assertEquals(List.of(), cachedPages(), "nothing of the former repository is used");

      Host moved = host(here, "web").orElseThrow();
      assertTrue(moved.getRevoked());
      assertFalse(moved.getDecommissioned());
      assertEquals(List.of(there.endpoint().toString()), moved.getMove().getCoordinatorsList());
      assertCode(ErrorCode.HOST_REVOKED, () -> backup(here, "web"));
      assertEquals(2, snapshots(here).size(), "its history is kept");

      JobResult first = backup(there, "web");
      assertTrue(first.getTotals().getUploadedPlainBytes() > 0, "a first one");
      assertEquals(1, snapshots(there).size());
      assertEquals("content", restoredOwn(before));
      assertEquals("content", restoredOwn("latest"));
    }
    here.enrol("db").close();
    String before = hex(snapshots(here).getFirst().getSnapshot());
    try (AgentService _ = agent(config(here, "db", "allow: []"))) {
      awaitConnected(here, "db");
      assertEquals("content", restored(here, before, "db"), "to another host, by a grant");
    }
    try (AdminLink admin = here.admin()) {
      admin.decommissionHost("web");
    }
    assertCode(ErrorCode.HOST_REVOKED, () -> restoredOwn(before));
  }

  @Test
  void aHostShouldStayThatDoesNotAllowIt() throws Exception {
    try (AgentService _ = agent(config(here, "web", "allow: [\"elsewhere:7443\"]"))) {
      awaitConnected(here, "web");
      HoldfastException refused =
          assertCode(ErrorCode.TARGET_NOT_ALLOWED, () -> move(here, token(there, "web")));
      assertTrue(refused.getMessage().contains("move.allow"), refused.getMessage());
      assertFalse(host(here, "web").orElseThrow().hasMove(), "it is not on its way any more");
      backup(here, "web");
    }
    assertEquals(List.of(), hosts(there));
  }

  @Test
  void shouldSayWhatIsWrongAndChangeNothing() throws Exception {
    HostRecord before = record();
    String own = token(here, "");
    String good = token(there, "web");
    HoldfastException same = assertCode(ErrorCode.INVALID_ARGUMENT, () -> move(here, own));
    assertTrue(same.getMessage().contains("made by this repository"), same.getMessage());
    assertCode(ErrorCode.HOST_NOT_CONNECTED, () -> move(here, good));
    assertCode(ErrorCode.TOKEN_INVALID, () -> move(here, good + "x"));
    try (AgentService _ = agent(mayMove());
        EnrolmentToken parsed = EnrolmentToken.parse(good);
        EnrolmentToken ownParsed = EnrolmentToken.parse(own);
        EnrolmentToken impostor =
            new EnrolmentToken(parsed.addresses(), ownParsed.root(), parsed.secret())) {
      awaitConnected(here, "web");
      assertCode(ErrorCode.CERTIFICATE_INVALID, () -> move(here, impostor.encode()));
      time.advance(Duration.ofMinutes(11));
      assertCode(ErrorCode.TOKEN_EXPIRED, () -> move(here, good));
      there.stop();
      assertCode(ErrorCode.UNAVAILABLE, () -> move(here, good));
      backup(here, "web");
    }
    assertEquals(before, record());
    assertFalse(host(here, "web").orElseThrow().hasMove());
  }

  /** As an agent that was killed after it was enrolled there and before it had kept that. */
  @Test
  void anOrderThatIsRepeatedShouldFinishWhatADeathInterrupted() throws Exception {
    String token = token(there, "web");
    decide(token);
    Path decided = web().root().resolve("next/identity/enrolled");
    HostRecord first = HostIdentity.record(new StateDirectory(web().root().resolve("next")));
    Files.delete(decided);
    try (AgentService _ = AgentService.start(mayMove(), time, here.randomness)) {
      awaitConnected(here, "web");
      backup(here, "web"); // wholly here
      time.advance(Duration.ofMinutes(11)); // the token expired: it let this host in before
      assertTrue(move(here, token).getMove().getMovedMillis() > 0);
      assertEquals(first.host(), record().host(), "it is the same host there");
      assertEquals(1, hosts(there).size());
      awaitConnected(there, "web");
    }
  }

  private void decide(String token) {
    try (EnrolmentToken parsed = EnrolmentToken.parse(token)) {
      new HostMove(web(), Time.system(), here.randomness)
          .decide(parsed, HostFacts.newBuilder().setName("web").build());
    }
  }

  /** As an agent that was killed once it was decided, and coordinators that are away meanwhile. */
  @Test
  void whatIsDecidedShouldHappenWhoeverIsAway() throws Exception {
    HostRecord before = record();
    decide(token(there, "web"));
    here.stop();
    there.stop();
    try (AgentService _ = agent(mayMove())) {
      assertNotEquals(before.host(), record().host(), "wholly there");
      there.start();
      awaitConnected(there, "web");
      backup(there, "web");
    }
    here.start();
    assertFalse(host(here, "web").orElseThrow().hasMove(), "nobody told it yet");
    try (AgentService _ = agent(mayMove())) {
      await(() -> host(here, "web").orElseThrow().getRevoked());
    }
    here.stop();
    here.start();
    assertTrue(host(here, "web").orElseThrow().getMove().getMovedMillis() > 0);
  }

  @Test
  void whoIsRootThereShouldMoveAHostThatTakesNoOrders() throws Exception {
    AgentConfig config = config(here, "web", "allow: []");
    String token = token(there, "web");
    Moves moves = new Moves(config, Time.system(), here.randomness);
    try (AgentService _ = agent(config);
        EnrolmentToken parsed = EnrolmentToken.parse(token)) {
      assertCode(ErrorCode.BUSY, () -> moves.run(parsed, true));
    }
    try (EnrolmentToken parsed = EnrolmentToken.parse(token)) {
      here.stop();
      HoldfastException gone = assertCode(ErrorCode.UNAVAILABLE, () -> moves.run(parsed, true));
      assertTrue(gone.getMessage().contains("--former-is-gone"), gone.getMessage());
      here.start();
      HostRecord now = moves.run(parsed, true);
      assertEquals(now, record());
    }
    Host moved = host(here, "web").orElseThrow();
    assertTrue(moved.getMove().getOrderedMillis() > 0);
    assertTrue(moved.getMove().getMovedMillis() > 0);
    try (AgentService _ = agent(config)) {
      awaitConnected(there, "web");
    }
  }

  @Test
  void aHostThatComesBackShouldGoOnWithItsHistory() throws Exception {
    String before;
    Host formerly = host(here, "web").orElseThrow();
    try (AgentService _ = agent(config(here, "web", "anywhere: true"))) {
      awaitConnected(here, "web");
      before = hex(backup(here, "web").getSnapshot());
      move(here, token(there, "web"));
      awaitConnected(there, "web");
      backup(there, "web");
      assertTrue(move(there, token(here, "web")).getMove().getMovedMillis() > 0);
      awaitConnected(here, "web");
      Host back = host(here, "web").orElseThrow();
      assertNotEquals(formerly.getHost(), back.getHost(), "an id is never given again");
      assertEquals(formerly.getHost(), back.getFormer());
      assertEquals("content", restored(here, before, "web"));
      assertEquals("content", restored(here, "latest:web", "web"));
      backup(here, "web");
      assertEquals(2, snapshots(here).size());
      move(here, token(there, "web"));
      awaitConnected(there, "web");
      assertEquals(2, hosts(there).stream().filter(Host::hasMove).count() + 1);
      assertEquals("content", restoredOwn(before));
    }
  }

  /** Gives the fleet {@code here} a new root. */
  private void introduceRoot() {
    FleetAuthority present =
        FleetAuthority.of(
            PemFiles.readCredential(
                here.root.resolve("coordinator/fleet-root.pem"), here.randomness),
            Time.system(),
            here.randomness);
    FleetAuthority next = FleetAuthority.create(present.fleet(), Time.system(), here.randomness);
    try (AdminLink admin = here.admin()) {
      CertificateRequest request =
          CertificateRequest.verify(
              admin.keys().requestIssuingCa().getCertificateRequest().toByteArray());
      admin
          .keys()
          .installRoot(
              Certificates.encode(next.certificate()),
              Certificates.encode(present.introduce(next.certificate())),
              Certificates.encode(next.certify(request, "next").getFirst()));
    }
  }

  private List<HostWithoutRoot> lacking() {
    try (AdminLink admin = here.admin()) {
      return admin.keys().listRoots().getLackingList();
    }
  }

  private void retireRoot(boolean force) {
    try (AdminLink admin = here.admin()) {
      admin.keys().retireRoot(force);
    }
  }

  @Test
  void whatMovedAwayShouldFollowANewRootAndComeBackUnderIt() throws Exception {
    String before;
    Host formerly = host(here, "web").orElseThrow();
    AgentConfig config = config(here, "web", "anywhere: true");
    try (AgentService _ = AgentService.start(config, time, here.randomness)) {
      awaitConnected(here, "web");
      before = hex(backup(here, "web").getSnapshot());
      move(here, token(there, "web"));
      awaitConnected(there, "web");
      introduceRoot();
      assertEquals(
          List.of(true), lacking().stream().map(HostWithoutRoot::getMoved).toList(), "it is named");
      HoldfastException refused =
          assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> retireRoot(false));
      assertTrue(refused.getMessage().contains("which moved away"), refused.getMessage());

      move(there, token(here, "web")); // its former key is certified under the old root still
      awaitConnected(here, "web");
      assertEquals(formerly.getHost(), host(here, "web").orElseThrow().getFormer());
      await(() -> {
        time.advance(Duration.ofSeconds(40));
        return lacking().isEmpty();
      });
      retireRoot(false);
      assertEquals("content", restoredOwn(before));
    }
  }

  @Test
  void whatMovedAwayShouldNotReadOnceItIsLeftBehind() throws Exception {
    try (AgentService _ = AgentService.start(mayMove(), time, here.randomness)) {
      awaitConnected(here, "web");
      backup(here, "web");
      move(here, token(there, "web"));
      awaitConnected(there, "web");
    }
    introduceRoot();
    retireRoot(true);
    assertEquals(List.of(), lacking());
    HoldfastException thrown = assertThrows(HoldfastException.class, () -> restoredOwn("latest"));
    assertTrue(thrown.getMessage().contains("a certificate was refused"), thrown.getMessage());
    try (AgentService _ = AgentService.start(mayMove(), time, here.randomness)) {
      awaitConnected(there, "web"); // which goes on
    }
  }
}
