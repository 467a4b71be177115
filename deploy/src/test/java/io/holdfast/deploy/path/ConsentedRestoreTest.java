package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.Consents;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.ConflictMode;
import io.holdfast.proto.wire.v1.JobLogLine;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.ReadJobLogRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a coordinator orders over files in place waits for who is root on the host: once for each
 * order, and by whatever name the order calls that place.
 */
@Timeout(180)
class ConsentedRestoreTest {
  private static final String CONSENT = "  in_place: true\n  consent: true\n";
  private static final String RUINED = "ruined";
  private static final Duration LOOK = Duration.ofMillis(10);

  @TempDir Path directory;

  private Fleet fleet;
  private OrderedHost host;
  private Consents consents;
  private Path file;
  private ByteString snapshot;

  @BeforeEach
  void ruinWhatIsBackedUp() throws Exception {
    fleet = Fleet.found(directory.resolve("fleet"));
    host = new OrderedHost(fleet, directory.resolve("host"), CONSENT);
    consents = new Consents(fleet.state(OrderedHost.NAME).consents());
    Path source = Files.createDirectories(directory.resolve("source"));
    file = Files.writeString(source.resolve("file"), "as it was");
    snapshot =
        host.mustBackup(BackupOrder.newBuilder().addSources(OrderedHost.bytes(source.toString())))
            .getSnapshot();
    Files.writeString(file, RUINED);
  }

  @AfterEach
  void stop() {
    host.close();
    fleet.close();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Time.system().sleep(LOOK); // the test's time limit ends this
    }
  }

  /** An operator's order to restore the file where it was, or to where {@code order} says. */
  private CompletableFuture<JobResult> ordered(RestoreOrder.Builder order) {
    RestoreOrder.Builder complete =
        order
            .addPaths(OrderedHost.bytes(file.toString()))
            .setConflict(ConflictMode.CONFLICT_MODE_ALWAYS);
    return CompletableFuture.supplyAsync(
        () -> host.restore(snapshot, complete), task -> Thread.ofVirtual().start(task));
  }

  /** What waits on the host, once something does. */
  private Consents.Asked awaitAsked(CompletableFuture<JobResult> restore) throws Exception {
    await(() -> restore.isDone() || isAsked());
    assertFalse(restore.isDone(), () -> "nobody was asked: " + restore.join());
    assertEquals(RUINED, Files.readString(file), "nothing is written before the answer");
    return consents.asked().getFirst();
  }

  private boolean isAsked() {
    return consents.asked().stream().anyMatch(asked -> !asked.question().isEmpty());
  }

  private static void assertFailed(ErrorCode code, JobResult result) {
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, result.getOutcome(), result::toString);
    assertEquals(code.number(), result.getError().getCode(), result::toString);
  }

  private void assertRefused(JobResult result) throws Exception {
    assertFailed(ErrorCode.CONSENT_MISSING, result);
    assertTrue(result.getError().getMessage().contains("holdfast agent consent"), result::toString);
    assertEquals(RUINED, Files.readString(file));
    assertNothingWaits();
  }

  private void assertNothingWaits() throws Exception {
    try (Stream<Path> left = Files.list(fleet.state(OrderedHost.NAME).consents())) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void shouldRestoreOnceForEachConsent() throws Exception {
    CompletableFuture<JobResult> first = ordered(RestoreOrder.newBuilder());
    Consents.Asked asked = awaitAsked(first);
    assertTrue(
        asked.question().contains(HexFormat.of().formatHex(snapshot.toByteArray())),
        asked::question);
    awaitToldInTheJob(asked.job());
    consents.answer(asked.job(), true);
    JobResult result = first.get();
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome(), result::toString);
    assertEquals("as it was", Files.readString(file));
    assertNothingWaits();

    Files.writeString(file, RUINED);
    CompletableFuture<JobResult> second = ordered(RestoreOrder.newBuilder());
    Consents.Asked again = awaitAsked(second);
    assertNotEquals(asked.job(), again.job());
    HoldfastException late =
        assertThrows(HoldfastException.class, () -> consents.answer(asked.job(), true));
    assertEquals(ErrorCode.JOB_NOT_FOUND, late.code());
    consents.answer(again.job(), false);
    assertRefused(second.get());
  }

  /** Who ordered it sees what it waits for, and by what command it goes on. */
  private void awaitToldInTheJob(String job) throws Exception {
    try (AdminLink admin = fleet.admin()) {
      await(() -> admin.job(job).getProgress().getPhase().equals("waiting"));
      await(() -> logOf(job, admin).contains("holdfast agent consent " + job));
    }
  }

  private static String logOf(String job, AdminLink admin) {
    List<JobLogLine> lines = new ArrayList<>();
    admin.jobLog(ReadJobLogRequest.newBuilder().setJob(job).build(), lines::add);
    return lines.toString();
  }

  /** A coordinator that somebody took over must not get round the question by another word. */
  @Test
  void shouldAskByWhateverNameThePlaceIsCalled() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("top"), Path.of("/"));
    for (String name : List.of("/", link.toString())) {
      CompletableFuture<JobResult> restore =
          ordered(RestoreOrder.newBuilder().setTarget(OrderedHost.bytes(name)));
      consents.answer(awaitAsked(restore).job(), false);
      assertRefused(restore.get());
    }
  }

  @Test
  void shouldWaitNoLongerOnceItIsCancelled() throws Exception {
    CompletableFuture<JobResult> restore = ordered(RestoreOrder.newBuilder());
    Consents.Asked asked = awaitAsked(restore);
    try (AdminLink admin = fleet.admin()) {
      admin.cancelJob(ByteString.copyFrom(HexFormat.of().parseHex(asked.job())));
    }
    assertFailed(ErrorCode.JOB_CANCELLED, restore.get());
    assertEquals(RUINED, Files.readString(file));
    assertNothingWaits();
  }

  @Test
  void shouldAskNothingWhereNothingIsReplaced() throws Exception {
    JobResult dry = ordered(RestoreOrder.newBuilder().setDryRun(true)).get();
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, dry.getOutcome(), dry::toString);
    assertEquals(RUINED, Files.readString(file));
    Path beside = host.restore(snapshot);
    assertEquals("as it was", Files.readString(beside.resolve(file.toString().substring(1))));
    assertEquals(RUINED, Files.readString(file));
  }
}
