package io.holdfast.coordinator.rpc;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.coordinator.absence.AbsenceKit;
import io.holdfast.coordinator.absence.RestoreForecasts;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.prune.ClockKeeper;
import io.holdfast.coordinator.prune.Holds;
import io.holdfast.coordinator.prune.PrunePorts;
import io.holdfast.coordinator.prune.RetentionPreview;
import io.holdfast.coordinator.retention.clock.ClockLimits;
import io.holdfast.proto.wire.v1.DataClassPreview;
import io.holdfast.proto.wire.v1.PreviewDataClassesRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told of the data classes of hosts, applied or not. */
class DataClassPreviewsTest {
  private static final String KEEP = "retention: {daily: 5, within: 1d}";

  @TempDir Path directory;

  private final AbsenceKit kit = new AbsenceKit(81);
  private DataClassPreviews previews;
  private HostId web;

  @BeforeEach
  void begin() throws InterruptedException {
    ClockKeeper clock =
        ClockKeeper.open(
            kit.fleet.ports,
            CoordinatorId.of(new byte[16]),
            FileSystem.local(),
            directory.resolve("clock"),
            ClockLimits.USUAL);
    clock.confirm(true, "anna");
    PrunePorts prune =
        new PrunePorts(
            kit.fleet.ports, kit.fleet.hosts, kit.policies, kit.health, Duration.ofDays(7));
    previews =
        new DataClassPreviews(
            kit.policies,
            kit.fleet.hosts,
            new RetentionPreview(prune, new Holds(kit.fleet.ports), clock),
            new RestoreForecasts(kit.ports()),
            kit.fleet.time);
    web = kit.enrol("web");
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private List<DataClassPreview> list(PreviewDataClassesRequest.Builder request) {
    List<DataClassPreview> listed = new ArrayList<>();
    previews.list(request.build(), listed::add);
    return listed;
  }

  private static PreviewDataClassesRequest.Builder by(String text) {
    return PreviewDataClassesRequest.newBuilder().setFile("p.yaml").setText(text);
  }

  private DataClassPreview only(String text) {
    List<DataClassPreview> listed = list(by(text));
    assertEquals(1, listed.size(), listed::toString);
    return listed.getFirst();
  }

  private static String forHost(String name, String text) {
    return text.replace("selector: {}", "selector: {matchFacts: {hostname: " + name + "}}");
  }

  @Test
  void shouldTellWhatAPolicyWouldKeepBeforeItIsApplied() {
    for (int day = 0; day < 8; day++) {
      kit.backup(web, "/srv").commit();
      kit.pass(Duration.ofDays(1));
    }
    DataClassPreview preview = only(AbsenceKit.nightly("p", "/srv", KEEP));
    assertEquals("web", preview.getHostName());
    assertEquals("p", preview.getPolicy());
    assertEquals("default", preview.getDataClass());
    assertEquals(8, preview.getSnapshots());
    assertEquals(5, preview.getKept());
    assertEquals(3, preview.getGoing());
    assertEquals("daily", preview.getKeptBy(0).getRule());
    assertEquals(5, preview.getKeptBy(0).getSnapshots());
    assertEquals(FleetKit.START.toEpochMilli(), preview.getOldestGoingMillis());
    assertEquals(
        FleetKit.START.plus(Duration.ofDays(2)).toEpochMilli(), preview.getNewestGoingMillis());
    assertEquals(List.of(), preview.getBrokenPromisesList());
  }

  @Test
  void shouldNameThePolicyThatFitsNoHost() throws InterruptedException {
    String text = forHost("db", AbsenceKit.nightly("p", "/srv", KEEP));
    DataClassPreview unfit = only(text);
    assertEquals("p", unfit.getPolicy());
    assertTrue(unfit.getHost().isEmpty());
    assertEquals(1, list(by(text).setHost("web")).size(), "it is of the text");
    kit.apply(text);
    assertEquals(1, list(by("")).size());
    assertEquals(0, list(by("").setHost("web")).size(), "nobody asked for that policy");
    assertEquals(1, list(by("").setHost("web").setPolicy("p")).size());
    kit.enrol("db");
    assertEquals("db", list(by("")).getFirst().getHostName());
  }

  @Test
  void shouldKeepToWhatIsAskedFor() throws InterruptedException {
    kit.enrol("db");
    kit.apply(AbsenceKit.nightly("p", "/srv", KEEP));
    kit.apply(forHost("db", AbsenceKit.nightly("q", "/home", "")));
    assertEquals(3, list(by("")).size());
    assertEquals(2, list(by("").setLimit(2)).size());
    assertEquals(2, list(by("").setPolicy("p")).size());
    assertEquals(1, list(by("").setPolicy("p").setHost("web")).size());
    assertCode(ErrorCode.POLICY_NOT_FOUND, () -> list(by("").setPolicy("r")));
    assertCode(ErrorCode.HOST_NOT_FOUND, () -> list(by("").setHost("mail")));
    assertCode(ErrorCode.INVALID_CONFIGURATION, () -> list(by("kind: Nothing\n")));
  }

  @Test
  void shouldSayThatThereIsNoSnapshotAndWhatTheScheduleCanNotKeep() {
    DataClassPreview preview =
        only(AbsenceKit.nightly("p", "/srv", "objectives: {rpo: 12h, rto: 1h}"));
    assertEquals(0, preview.getSnapshots());
    assertEquals(0, preview.getKeptByCount());
    assertEquals(1, preview.getBrokenPromisesCount());
    String line = preview.getBrokenPromises(0);
    assertTrue(line.startsWith("policy p: data class \"default\": rpo 12h can't be kept"), line);
    assertEquals(Duration.ofHours(1).toMillis(), preview.getRestore().getRtoMillis());
    assertTrue(preview.getRestore().getSnapshot().isEmpty());
  }

  @Test
  void shouldJudgeTheRtoOnceARestoreWasMeasured() {
    String text = AbsenceKit.nightly("p", "/srv", "objectives: {rto: 1h}");
    kit.backup(web, "/srv").size(72L << 30).commit();
    DataClassPreview unmeasured = only(text);
    assertEquals(72L << 30, unmeasured.getRestore().getBytes());
    assertEquals(0, unmeasured.getRestore().getMeasuredRate());
    assertEquals(List.of(), unmeasured.getBrokenPromisesList());
    kit.restore(web, 100L << 20, Duration.ofSeconds(10));
    DataClassPreview slow = only(text);
    assertEquals(7_372_800, slow.getRestore().getTakesMillis());
    assertTrue(slow.getRestore().getMeasuredHere());
    String line = slow.getBrokenPromises(0);
    assertTrue(line.startsWith("host web, policy p: a full restore"), line);
    assertTrue(line.contains("2h 02m") && line.endsWith("its rto is 1h"), line);
    assertEquals(List.of(), only(text.replace("1h}", "3h}")).getBrokenPromisesList());
  }

  @Test
  void shouldStillTellOfWhatARevokedHostStored() throws InterruptedException {
    kit.backup(web, "/srv").commit();
    kit.fleet.revocations.revoke(web, "anna");
    assertEquals(1, only(AbsenceKit.nightly("p", "/srv", KEEP)).getSnapshots());
    DataClassPreview unfit = only(AbsenceKit.nightly("p", "/home", KEEP));
    assertTrue(unfit.getHost().isEmpty(), "it has nothing of these, and will have nothing");
  }
}
