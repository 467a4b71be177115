import com.google.protobuf.ByteString;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.ListFilesRequest;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.RunSweepEvent;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import io.holdfast.proto.wire.v1.SweepPhase;
import io.holdfast.proto.wire.v1.SweepResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Asks a coordinator from one process, so that what is measured isn't the start of a command's
 * Java.
 *
 * <p>Arguments: questions SOCKET ROUNDS SNAPSHOT FOLDER, as a person who browses asks; backups
 * SOCKET HOST FOLDER RUNS, of which each finds one new small file; restores SOCKET TARGET HOST...,
 * each host's newest snapshot below TARGET/HOST, all at once; sweeps SOCKET ENOUGH, one after
 * another until the file ENOUGH is there and one found nothing to do. Each prints JSON lines, with
 * seconds since 1970 where it says {@code at}.
 */
final class Ask {
  private static final int CHANGED_BYTES = 4_096;
  private static final int SAMPLE_PER_MILLE = 50; // as the command's default
  private static final int PAUSE_MILLIS = 200;

  private final AdminLink link;

  private Ask(AdminLink link) {
    this.link = link;
  }

  public static void main(String[] arguments) throws Exception {
    Duration patience = Duration.ofHours(1);
    try (AdminLink link = AdminLink.open(Path.of(arguments[1]), Optional.of(patience))) {
      Ask ask = new Ask(link);
      switch (arguments[0]) {
        case "questions" ->
            ask.questions(Integer.parseInt(arguments[2]), arguments[3], arguments[4]);
        case "backups" ->
            ask.backups(arguments[2], Path.of(arguments[3]), Integer.parseInt(arguments[4]));
        case "restores" ->
            ask.restores(arguments[2], Arrays.asList(arguments).subList(3, arguments.length));
        case "sweeps" -> ask.sweeps(Path.of(arguments[2]));
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  // ---- questions

  private void questions(int rounds, String snapshot, String folder) {
    String host = link.snapshot(snapshot).getHostName();
    ByteString path = ByteString.copyFromUtf8(folder);
    ask("all snapshots", rounds, each -> snapshots("", 0, each));
    ask("the newest 100 snapshots", rounds, each -> snapshots("", 100, each));
    ask("snapshots of a host", rounds, each -> snapshots(host, 0, each));
    ask("one snapshot", rounds, each -> each.accept(link.snapshot(snapshot)));
    ask(
        "files of a folder",
        rounds,
        each ->
            link.files(
                ListFilesRequest.newBuilder().setSnapshot(snapshot).setPath(path).build(),
                each::accept));
    ask("status", rounds, each -> each.accept(link.status()));
  }

  private void snapshots(String host, int limit, Consumer<Object> each) {
    link.snapshots(
        ListSnapshotsRequest.newBuilder().setHost(host).setLimit(limit).build(), each::accept);
  }

  private static void ask(String what, int rounds, Consumer<Consumer<Object>> question) {
    long[] nanos = new long[rounds];
    AtomicInteger items = new AtomicInteger();
    long first = 0;
    for (int round = 0; round < rounds; round++) {
      items.set(0);
      long began = System.nanoTime();
      question.accept(item -> items.incrementAndGet());
      nanos[round] = System.nanoTime() - began;
      first = round == 0 ? nanos[0] : first;
    }
    Arrays.sort(nanos);
    print(
        "{\"question\": \"%s\", \"rounds\": %d, \"items\": %d, \"first_ms\": %.1f, \"median_ms\":"
            + " %.1f, \"p99_ms\": %.1f, \"max_ms\": %.1f}",
        what,
        rounds,
        items.get(),
        first / 1e6,
        nanos[rounds / 2] / 1e6,
        nanos[rounds * 99 / 100] / 1e6,
        nanos[rounds - 1] / 1e6);
  }

  // ---- backups

  private void backups(String host, Path folder, int runs) throws Exception {
    StartBackupRequest request =
        StartBackupRequest.newBuilder()
            .setHost(host)
            .setOrder(
                BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8(folder.toString())))
            .build();
    SplittableRandom random = new SplittableRandom(System.nanoTime());
    long[] nanos = new long[runs];
    for (int run = 0; run < runs; run++) {
      byte[] content = new byte[CHANGED_BYTES];
      random.nextBytes(content);
      Files.write(folder.resolve("changing-" + run), content);
      long began = System.nanoTime();
      complete(events -> link.backup(request, events));
      nanos[run] = System.nanoTime() - began;
    }
    Arrays.sort(nanos);
    print(
        "{\"backups\": %d, \"median_ms\": %.1f, \"max_ms\": %.1f}",
        runs, nanos[runs / 2] / 1e6, nanos[runs - 1] / 1e6);
  }

  private static JobResult complete(Consumer<Consumer<JobEvent>> job) {
    AtomicReference<JobResult> result = new AtomicReference<>(JobResult.getDefaultInstance());
    job.accept(event -> {
      if (event.hasResult()) {
        result.set(event.getResult());
      }
    });
    if (result.get().getOutcome() != JobOutcome.JOB_OUTCOME_COMPLETE) {
      throw new IllegalStateException("a job did not go well: " + result.get());
    }
    return result.get();
  }

  // ---- restores

  private void restores(String target, List<String> hosts) throws Exception {
    long began = System.nanoTime();
    List<Future<JobResult>> going = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (String host : hosts) {
        RestoreOrder order =
            RestoreOrder.newBuilder()
                .setTarget(ByteString.copyFromUtf8(target + "/" + host))
                .setSamplePerMille(SAMPLE_PER_MILLE)
                .build();
        StartRestoreRequest request =
            StartRestoreRequest.newBuilder()
                .setSnapshot("latest:" + host)
                .setHost(host)
                .setOrder(order)
                .build();
        going.add(threads.submit(() -> complete(events -> link.restore(request, events))));
      }
      long bytes = 0;
      for (Future<JobResult> each : going) {
        bytes += each.get().getBytesWritten();
      }
      print(
          "{\"restores\": %d, \"bytes\": %d, \"seconds\": %.3f}",
          hosts.size(), bytes, (System.nanoTime() - began) / 1e9);
    }
  }

  // ---- sweeps

  /** After one that condemned or moved anything two checkpoints, as deletion waits for them. */
  private void sweeps(Path enough) throws Exception {
    boolean over = false;
    while (!over) {
      boolean last = Files.exists(enough);
      SweepResult result = sweep();
      boolean more = result.getCondemnedEntries() > 0 || result.getRewrittenPacks() > 0;
      boolean idle = !more && result.getDeletedPacks() == 0;
      over = idle && last;
      print(
          "{\"sweep\": true, \"at\": %.2f, \"seconds\": %.2f, \"references\": %d, \"packs\": %d,"
              + " \"condemned_bytes\": %d, \"rewritten_packs\": %d, \"deleted_packs\": %d,"
              + " \"deleted_bytes\": %d, \"waiting\": %d}",
          now(),
          result.getDurationMillis() / 1e3,
          result.getMarked(),
          result.getPacks(),
          result.getCondemnedBytes(),
          result.getRewrittenPacks(),
          result.getDeletedPacks(),
          result.getDeletedBytes(),
          result.getWaitingCount());
      if (more) {
        link.writeCheckpoint();
        link.writeCheckpoint();
      } else if (idle) {
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  private SweepResult sweep() {
    AtomicReference<SweepPhase> phase = new AtomicReference<>(SweepPhase.SWEEP_PHASE_UNSPECIFIED);
    AtomicReference<SweepResult> result = new AtomicReference<>(SweepResult.getDefaultInstance());
    link.runSweep(event -> {
      if (event.getEventCase() == RunSweepEvent.EventCase.RESULT) {
        result.set(event.getResult());
      } else if (phase.getAndSet(event.getProgress().getPhase())
          != event.getProgress().getPhase()) {
        String name = event.getProgress().getPhase().name().substring("SWEEP_PHASE_".length());
        print("{\"sweep_phase\": \"%s\", \"at\": %.2f}", name.toLowerCase(Locale.ROOT), now());
      }
    });
    return result.get();
  }

  // ---- what they share

  private static double now() {
    return System.currentTimeMillis() / 1e3;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
    System.out.flush();
  }
}
