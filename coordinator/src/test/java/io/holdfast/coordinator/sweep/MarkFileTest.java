package io.holdfast.coordinator.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.SessionClosed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mark that is interrupted and gone on with, and what makes it begin anew. */
class MarkFileTest {
  @TempDir Path directory;

  private TestRepository repository;
  private TestHost host;
  private Path file;
  private MarkFile marks;

  @BeforeEach
  void begin() throws InterruptedException {
    repository = TestRepository.begun(1);
    host = TestHost.enrol(repository, "alpha");
    file = directory.resolve("mark");
    marks = new MarkFile(FileSystem.local(), file, repository.time());
    for (int day = 0; day < 5; day++) {
      host.backup().file("first", noise(day)).file("second", noise(100 + day)).commit();
    }
    host.store(ChunkKind.DATA, noise(999), List.of());
    host.flush();
  }

  private static byte[] noise(long seed) {
    byte[] noise = new byte[3_000];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private Mark halfWay() {
    try (CatalogView view = repository.view()) {
      Mark mark = Mark.begin(view, repository.proof().footers());
      mark.step(view);
      return mark;
    }
  }

  private void keep(Mark mark) {
    try (CatalogView view = repository.view()) {
      marks.keep(mark, repository.id(), view);
    }
  }

  private Optional<Mark> find() {
    return find(repository.id());
  }

  private Optional<Mark> find(RepositoryId of) {
    try (CatalogView view = repository.view()) {
      return marks.find(of, view, repository.proof().footers());
    }
  }

  private Mark toItsEnd(Mark mark) {
    try (CatalogView view = repository.view()) {
      while (mark.step(view)) {
        // more is to be followed
      }
      mark.catchUp(view);
      return mark;
    }
  }

  private static void assertSame(Mark expected, Mark actual) {
    assertEquals(expected.packs(), actual.packs());
    for (int pack = 0; pack < expected.packs(); pack++) {
      assertEquals(expected.unmarked(pack), actual.unmarked(pack), "pack " + pack);
    }
  }

  @Test
  void shouldComeToTheSameEndAsAMarkThatWasNot() throws Exception {
    Mark interrupted = halfWay();
    keep(interrupted);
    host.backup().file("came since", noise(7)).commit();
    Mark resumed = find().orElseThrow();
    assertEquals(interrupted.fence(), resumed.fence());
    assertSame(toItsEnd(interrupted), toItsEnd(resumed));
    assertTrue(resumed.packs() > 0);
    Mark fresh = toItsEnd(halfWay());
    assertSame(fresh, resumed);
  }

  @Test
  void shouldBeKeptBetweenAnyTwoSteps() throws Exception {
    try (CatalogView view = repository.view()) {
      Mark mark = Mark.begin(view, repository.proof().footers());
      boolean more = true;
      while (more) {
        keep(mark);
        Mark resumed = find().orElseThrow();
        assertSame(toItsEnd(halfWay()), toItsEnd(resumed));
        more = mark.step(view);
      }
    }
  }

  @Test
  void aSweepThatIsStoppedShouldBeGoneOnWith() throws Exception {
    long fence;
    try (CatalogView view = repository.view()) {
      fence = view.appliedSeq();
    }
    BooleanSupplier stops =
        () -> {
          Thread.currentThread().interrupt();
          return false;
        };
    assertThrows(InterruptedException.class, sweeper(stops)::sweep);
    assertTrue(Files.exists(file));
    host.backup().file("came since", noise(7)).commit();

    Sweeper.Outcome outcome = sweeper(() -> false).sweep();

    assertEquals(fence, outcome.done().getFence(), "the fence of the one that was stopped");
    assertEquals(1, outcome.done().getCondemnedEntries());
    assertFalse(Files.exists(file));
  }

  private Sweeper sweeper(BooleanSupplier hostsMoveData) {
    SweepPorts ports = TestSweeps.with(TestSweeps.ports(repository), hostsMoveData);
    return new Sweeper(ports, TestSweeps.LIMITS, Duration.ofDays(1), Optional.of(marks));
  }

  /** What is referenced may lie in a pack that came since the last step, too. */
  @Test
  void shouldBeKeptOnceMorePacksCame() throws Exception {
    Mark mark = halfWay();
    for (int day = 0; day < 5; day++) {
      host.store(ChunkKind.DATA, noise(day), List.of());
      host.store(ChunkKind.DATA, noise(100 + day), List.of());
    }
    host.flush();
    keep(mark);
    assertSame(toItsEnd(mark), toItsEnd(find().orElseThrow()));
  }

  @Test
  void shouldRememberThatMorePagesAreLostThanItNames() {
    Mark mark;
    try (CatalogView view = repository.view()) {
      Mark.Kept kept = halfWay().keep(view);
      Mark.Kept beyond =
          new Mark.Kept(
              kept.fence(),
              kept.rootsThrough(),
              kept.met(),
              kept.packs(),
              kept.places(),
              true,
              kept.late(),
              kept.pending(),
              kept.blind(),
              kept.nowhere());
      mark = Mark.resume(beyond, view, repository.proof().footers()).orElseThrow();
    }
    keep(mark);
    Mark resumed = find().orElseThrow();
    assertTrue(resumed.isBlind());
    assertTrue(toItsEnd(resumed).isBlind(), "for as long as this mark is gone on with");
  }

  @Test
  void shouldBeginAnewAfterADay() {
    keep(halfWay());
    repository.passTime(Duration.ofDays(1).minusMillis(1));
    assertTrue(find().isPresent());
    repository.passTime(Duration.ofMillis(1));
    assertTrue(find().isEmpty());
  }

  @Test
  void shouldBeginAnewInAnotherRepositoryOrHistory() throws Exception {
    keep(halfWay());
    assertTrue(find(RepositoryId.of(new byte[16])).isEmpty());
    TestRepository other = TestRepository.begun(2);
    try (CatalogView view = other.view()) {
      assertTrue(marks.find(repository.id(), view, other.proof().footers()).isEmpty());
    }
    repository.append(
        Change.newBuilder()
            .setSessionClosed(
                SessionClosed.newBuilder().setSession(ByteString.copyFrom(new byte[16])))
            .build());
    assertTrue(find().isPresent(), "one record more");
  }

  @Test
  void shouldBeginAnewIfAnyByteIsAnother() throws Exception {
    keep(halfWay());
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 97)) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      Files.write(file, damaged);
      assertTrue(find().isEmpty(), "byte " + at);
      Files.write(file, Arrays.copyOf(whole, at));
      assertTrue(find().isEmpty(), "cut at " + at);
    }
    Files.write(file, whole);
    assertTrue(find().isPresent());
    marks.forget();
    assertTrue(find().isEmpty());
  }
}
