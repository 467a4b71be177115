package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.seam.Time;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobKind;
import io.holdfast.proto.wire.v1.JobState;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.RestorePlan;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long a restore takes is told from how long the last ones took, and from nothing else. */
@Timeout(180)
class RestoreEstimateTest {
  private static final int LARGE = 24 << 20;

  @TempDir Path directory;

  @Test
  void shouldKnowTheSpeedOnceARestoreShowedIt() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.write(source.resolve("large"), BackupAndRestoreTest.noise(LARGE, 1));
    Files.writeString(source.resolve("small"), "small");
    try (Fleet fleet = Fleet.found(directory.resolve("fleet"));
        OrderedHost host = new OrderedHost(fleet, directory.resolve("host"));
        AdminLink admin = fleet.admin()) {
      fleet.enrol("beta").close();
      ByteString snapshot =
          host.mustBackup(BackupOrder.newBuilder().addSources(OrderedHost.bytes(source.toString())))
              .getSnapshot();
      assertUnknown(plan(snapshot, OrderedHost.NAME, admin));

      Path target = directory.resolve("host/restored/little");
      host.restore(
          snapshot,
          RestoreOrder.newBuilder()
              .setTarget(OrderedHost.bytes(target.toString()))
              .addPaths(OrderedHost.bytes(source + "/small")));
      awaitRecorded(1, admin);
      assertUnknown(plan(snapshot, OrderedHost.NAME, admin)); // too little to show anything

      host.restore(snapshot);
      awaitRecorded(2, admin);
      RestorePlan known = plan(snapshot, OrderedHost.NAME, admin);
      assertTrue(known.getMeasuredHere(), known::toString);
      assertEquals(1, known.getMeasuredRestores());
      assertEquals(rateOfTheLast(admin), known.getMeasuredRate());
      assertEquals(LARGE + "small".length(), known.getBytes());

      RestorePlan elsewhere = plan(snapshot, "beta", admin);
      assertFalse(elsewhere.getMeasuredHere());
      assertEquals(known.getMeasuredRate(), elsewhere.getMeasuredRate());
    }
  }

  private static void assertUnknown(RestorePlan plan) {
    assertEquals(0, plan.getMeasuredRate(), plan::toString);
    assertEquals(0, plan.getMeasuredRestores(), plan::toString);
  }

  private static RestorePlan plan(ByteString snapshot, String host, AdminLink admin) {
    return admin.planRestore(
        StartRestoreRequest.newBuilder()
            .setSnapshot(HexFormat.of().formatHex(snapshot.toByteArray()))
            .setHost(host)
            .setOrder(RestoreOrder.newBuilder().setTarget(ByteString.copyFromUtf8("/srv/restored")))
            .build());
  }

  /** Whose end is in the journal, the newest first. */
  private static List<Job> restores(AdminLink admin) {
    List<Job> jobs = new ArrayList<>();
    admin.jobs(ListJobsRequest.getDefaultInstance(), jobs::add);
    return jobs.stream()
        .filter(job -> job.getKind() == JobKind.JOB_KIND_RESTORE)
        .filter(job -> job.getState() == JobState.JOB_STATE_COMPLETE)
        .toList();
  }

  private static void awaitRecorded(int count, AdminLink admin) throws InterruptedException {
    while (restores(admin).size() < count) {
      Time.system().sleep(Duration.ofMillis(10)); // the test's time limit ends this
    }
  }

  private static long rateOfTheLast(AdminLink admin) {
    Job last = restores(admin).getFirst();
    return last.getBytes() * 1_000 / last.getDurationMillis();
  }
}
