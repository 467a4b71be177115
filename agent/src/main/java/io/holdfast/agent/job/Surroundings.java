package io.holdfast.agent.job;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import io.holdfast.agent.hook.HookCall;
import io.holdfast.agent.hook.HookContext;
import io.holdfast.agent.hook.HookOutput;
import io.holdfast.agent.hook.Hooks;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.proto.stored.v1.UnfinishedHook;
import io.holdfast.proto.stored.v1.UnfinishedJob;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.HookRun;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Surrounds backups with what their orders want before and after them. Any thread. */
public final class Surroundings {
  private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);
  private static final int HOOKS_MAX = 32;
  private static final String BEFORE = "before";
  private static final String AFTER = "after";
  private static final String FAILED = "failed";

  /** The backup itself. */
  @FunctionalInterface
  public interface Work {
    JobResult run(PointInTime files) throws InterruptedException;
  }

  private final Hooks hooks;
  private final Unfinished unfinished;
  private final String host;
  private final Thread leftOvers;

  /**
   * Begins to put right what an earlier life of the agent left.
   *
   * @param directory an existing one, for the files that say what is to be put right
   * @param host this host's id, as hooks are told
   */
  public Surroundings(Hooks hooks, Path directory, String host) {
    this.hooks = hooks;
    this.unfinished = new Unfinished(directory);
    this.host = host;
    this.leftOvers = Thread.ofPlatform().daemon().name("left-overs").start(this::putRight);
  }

  private void putRight() {
    for (UnfinishedJob job : unfinished.all()) {
      LOG.warn(
          "a backup ended in the middle with the agent; putting right what it left: job {}",
          hex(job.getJob()));
      putRight(job, FAILED, new ArrayList<>());
    }
  }

  /** What hooks of {@code order} are told in any case. */
  public HookContext context(ByteString job, List<String> sources) {
    return new HookContext(hex(job), host, sources);
  }

  /**
   * Does {@code work} with everything around it that {@code order} wants. A failure is a result,
   * which says how each hook went, unless the job {@code isCancelled}: that is thrown, when all is
   * put right.
   *
   * @param sources what is backed up, as hooks are told
   */
  public JobResult around(
      ByteString job,
      BackupOrder order,
      List<String> sources,
      BooleanSupplier isCancelled,
      Work work)
      throws InterruptedException {
    leftOvers.join();
    Around around = new Around(job, order, sources);
    JobResult.Builder result = null;
    try {
      result = around.work(work).toBuilder();
    } catch (HoldfastException e) {
      if (isCancelled.getAsBoolean()) {
        throw e;
      }
      result = failed(e);
    } finally {
      around.finish(result);
    }
    return result.addAllHooks(around.ran).build();
  }

  private static JobResult.Builder failed(HoldfastException why) {
    return JobResult.newBuilder()
        .setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
        .setError(RpcErrors.detail(why));
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  /** One job. */
  private final class Around {
    private final BackupOrder order;
    private final HookContext context;
    private final List<HookRun> ran = new ArrayList<>();
    private UnfinishedJob toPutRight;
    private boolean written;

    Around(ByteString job, BackupOrder order, List<String> sources) {
      this.order = order;
      this.context = context(job, sources);
      UnfinishedJob.Builder unwritten =
          UnfinishedJob.newBuilder().setJob(job).addAllSources(sources);
      order.getAfterList().forEach(call -> unwritten.addAfter(hook(call)));
      this.toPutRight = unwritten.build();
    }

    JobResult work(Work work) throws InterruptedException {
      requireFew();
      if (order.getAfterCount() > 0) {
        remember(toPutRight);
      }
      for (io.holdfast.proto.wire.v1.HookCall call : order.getBeforeList()) {
        HookRun run = runHook(hook(call), BEFORE, context);
        ran.add(run);
        if (run.getFailed() && !call.getWarnOnly()) {
          throw new HoldfastException(ErrorCode.HOOK_FAILED, words(run));
        }
      }
      return work.run(freeze());
    }

    private void requireFew() {
      if (order.getBeforeCount() + order.getAfterCount() > HOOKS_MAX) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "a backup has at most " + HOOKS_MAX + " hooks around it, this one has more");
      }
    }

    private void remember(UnfinishedJob job) {
      unfinished.write(job);
      toPutRight = job;
      written = true;
    }

    private PointInTime freeze() throws InterruptedException {
      return switch (order.getSnapshotFirst()) {
        case SNAPSHOT_FIRST_UNSPECIFIED -> PointInTime.NOW;
        case SNAPSHOT_FIRST_BTRFS ->
            new Subvolumes(paths(), context.job(), this::rememberSubvolume).freeze(Mounts.places());
        case SNAPSHOT_FIRST_HOOK -> freezeByHook();
        case UNRECOGNIZED ->
            throw new HoldfastException(
                ErrorCode.UNKNOWN_VERSION,
                "the order wants a file system snapshot of a kind that this agent doesn't know;"
                    + " update the agent");
      };
    }

    private List<Path> paths() {
      return order.getSourcesList().stream()
          .map(source -> Path.of(source.toStringUtf8()).normalize())
          .toList();
    }

    private void rememberSubvolume(Path snapshot) {
      remember(
          toPutRight.toBuilder()
              .addSubvolumeSnapshots(ByteString.copyFromUtf8(snapshot.toString()))
              .build());
    }

    private PointInTime freezeByHook() throws InterruptedException {
      SnapshotHook hook = new SnapshotHook(hooks, order.getSnapshotHook(), context);
      remember(toPutRight.toBuilder().setSnapshotHook(order.getSnapshotHook()).build());
      Path root = hook.make();
      remember(toPutRight.toBuilder().setSnapshotRoot(root.toString()).build());
      return SnapshotHook.below(root, paths());
    }

    /** Puts everything right; what that comes to is added to {@code result}, if there is one. */
    void finish(JobResult.Builder result) {
      if (!written) {
        return;
      }
      String outcome = result == null ? FAILED : outcome(result);
      // A thread of its own: neither cancelling the job nor stopping the agent cuts this short.
      Thread right =
          Thread.ofPlatform()
              .daemon()
              .name("after-backup")
              .start(() -> putRight(toPutRight, outcome, ran));
      Uninterruptibles.joinUninterruptibly(right);
      if (result != null) {
        ran.stream().filter(this::failsTheJob).findFirst().ifPresent(run -> fail(result, run));
      }
    }

    private boolean failsTheJob(HookRun run) {
      return run.getPhase().equals(AFTER)
          && run.getFailed()
          && order.getAfterList().stream()
              .anyMatch(call -> call.getName().equals(run.getName()) && !call.getWarnOnly());
    }

    private static void fail(JobResult.Builder result, HookRun run) {
      if (result.getOutcome() == JobOutcome.JOB_OUTCOME_FAILED) {
        return;
      }
      String stored = "the snapshot is stored, but a hook after it failed: ";
      result
          .setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
          .setError(
              RpcErrors.detail(new HoldfastException(ErrorCode.HOOK_FAILED, stored + words(run))));
    }

    private static String outcome(JobResult.Builder result) {
      return switch (result.getOutcome()) {
        case JOB_OUTCOME_COMPLETE -> "complete";
        case JOB_OUTCOME_COMPLETE_WITH_GAPS -> "complete-with-gaps";
        case JOB_OUTCOME_FAILED, JOB_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> FAILED;
      };
    }
  }

  private static UnfinishedHook hook(io.holdfast.proto.wire.v1.HookCall call) {
    return UnfinishedHook.newBuilder()
        .setName(call.getName())
        .setTimeLimitMillis(call.getTimeLimitMillis())
        .setWarnOnly(call.getWarnOnly())
        .build();
  }

  private static String words(HookRun run) {
    return "hook "
        + run.getName()
        + " ("
        + run.getPhase()
        + ") "
        + HookOutput.words(run.getText(), run.getLastLines());
  }

  /** Never throws; what can't be put right now is tried again when the agent starts. */
  private void putRight(UnfinishedJob job, String outcome, List<HookRun> ran) {
    HookContext context = context(job.getJob(), job.getSourcesList());
    boolean right = removeSnapshots(job, context);
    for (UnfinishedHook call : job.getAfterList()) {
      ran.add(runOrReport(call, context.with("OUTCOME", outcome)));
    }
    UnfinishedJob left = job.toBuilder().clearAfter().build();
    try {
      if (right) {
        unfinished.forget(job);
      } else {
        unfinished.write(left);
      }
    } catch (HoldfastException e) {
      LOG.error("job {}: {}", hex(job.getJob()), e.getMessage());
    }
  }

  private HookRun runOrReport(UnfinishedHook call, HookContext context) {
    try {
      return runHook(call, AFTER, context);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
      return report(call.getName(), AFTER, "was interrupted").build();
    }
  }

  private boolean removeSnapshots(UnfinishedJob job, HookContext context) {
    boolean right = true;
    for (ByteString snapshot : job.getSubvolumeSnapshotsList().reversed()) {
      Path path = Path.of(snapshot.toStringUtf8());
      var why = Subvolumes.remove(path);
      if (why.isPresent()) {
        right = false;
        LOG.error(
            "the btrfs snapshot {} can't be removed: {}; the agent tries again when it starts, or"
                + " run: btrfs subvolume delete {}",
            path,
            why.get(),
            path);
      }
    }
    if (!job.getSnapshotHook().isEmpty()) {
      right &=
          new SnapshotHook(hooks, job.getSnapshotHook(), context).remove(job.getSnapshotRoot());
    }
    return right;
  }

  private HookRun runHook(UnfinishedHook call, String phase, HookContext context)
      throws InterruptedException {
    try {
      HookCall checked = HookCall.of(call.getName(), call.getTimeLimitMillis());
      HookOutput output = hooks.run(checked, phase, context);
      return report(call.getName(), phase, output.failure().orElse(""))
          .setLastLines(output.lastLines())
          .setDurationMillis(output.took().toMillis())
          .build();
    } catch (HoldfastException e) {
      LOG.warn("hook {} ({}): {}", call.getName(), phase, e.getMessage());
      return report(call.getName(), phase, e.getMessage()).build();
    }
  }

  /** {@code failure} is empty if it went well. */
  private static HookRun.Builder report(String name, String phase, String failure) {
    return HookRun.newBuilder()
        .setName(name)
        .setPhase(phase)
        .setFailed(!failure.isEmpty())
        .setText(failure);
  }
}
