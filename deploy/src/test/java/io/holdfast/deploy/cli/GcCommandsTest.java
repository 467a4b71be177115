package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.proto.wire.v1.ApproveSweepAnswer;
import io.holdfast.proto.wire.v1.ApproveSweepRequest;
import io.holdfast.proto.wire.v1.PlanSweepEvent;
import io.holdfast.proto.wire.v1.RunSweepEvent;
import io.holdfast.proto.wire.v1.SweepPhase;
import io.holdfast.proto.wire.v1.SweepPlan;
import io.holdfast.proto.wire.v1.SweepProgress;
import io.holdfast.proto.wire.v1.SweepResult;
import io.holdfast.proto.wire.v1.SweepStatusAnswer;
import org.junit.jupiter.api.Test;

class GcCommandsTest extends CommandLineFixture {
  private static final SweepProgress PROGRESS =
      SweepProgress.newBuilder()
          .setPhase(SweepPhase.SWEEP_PHASE_MARKING)
          .setSinceMillis(Samples.MILLIS)
          .setMarked(1_234_567)
          .setPacks(99)
          .build();

  private static final SweepResult RESULT =
      SweepResult.newBuilder()
          .setTimeMillis(Samples.MILLIS)
          .setDurationMillis(61_000)
          .setMarked(1_234_567)
          .setPacks(99)
          .setCondemnedEntries(40)
          .setCondemnedBytes(40 << 20)
          .setRewrittenPacks(2)
          .setDeletedPacks(3)
          .setDeletedBytes(72 << 20)
          .build();

  @Test
  void shouldTellWhatASweepWouldDo() {
    admin()
        .script(
            PlanSweepEvent.newBuilder().setProgress(PROGRESS).build(),
            PlanSweepEvent.newBuilder()
                .setPlan(
                    SweepPlan.newBuilder()
                        .setEntries(40)
                        .setBytes(40 << 20)
                        .setDeletablePacks(3)
                        .setDeletableBytes(72 << 20)
                        .setSparsePacks(2)
                        .setSparseLiveBytes(1 << 20)
                        .addWaiting("it is much"))
                .build());
    Ended ended = run("gc", "plan");
    assertEquals(0, ended.code());
    assertTrue(ended.out().contains("40"), ended.out());
    assertTrue(ended.out().contains("72 MiB"), ended.out());
    assertTrue(ended.err().contains("it is much"), ended.err());
  }

  @Test
  void shouldSweepAndTellWhatCameOfIt() {
    admin()
        .script(
            RunSweepEvent.newBuilder().setProgress(PROGRESS).build(),
            RunSweepEvent.newBuilder()
                .setResult(RESULT.toBuilder().addWaiting("a page is lost"))
                .build());
    Ended ended = run("gc", "run");
    assertEquals(0, ended.code());
    assertTrue(ended.out().contains("deleted packs"), ended.out());
    assertTrue(ended.err().contains("a page is lost"), ended.err());
  }

  @Test
  void shouldSayIfTheCoordinatorStoppedReporting() {
    admin().script(RunSweepEvent.newBuilder().setProgress(PROGRESS).build());
    Ended ended = run("gc", "run");
    assertTrue(ended.code() != 0);
    assertTrue(ended.err().contains("holdfast gc status"), ended.err());
  }

  @Test
  void shouldTellHowFarItIs() {
    admin()
        .script(
            SweepStatusAnswer.newBuilder()
                .setProgress(PROGRESS)
                .setLast(RESULT)
                .setCondemnedEntries(7)
                .setCondemnedBytes(7 << 20)
                .build());
    String out = runWell("gc", "status");
    assertTrue(out.contains("marking"), out);
    assertTrue(out.contains("7.0 MiB"), out);
  }

  @Test
  void shouldApproveSizes() {
    admin().script(ApproveSweepAnswer.newBuilder().setValidUntilMillis(Samples.MILLIS).build());
    runWell("gc", "approve", "40GiB", "--valid", "2d");
    assertEquals(
        ApproveSweepRequest.newBuilder().setBytes(40L << 30).setValidSeconds(172_800).build(),
        admin().request(ApproveSweepRequest.class));
    Ended wrong = run("gc", "approve", "much");
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("much"), wrong.err());
  }
}
