package io.holdfast.deploy.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.deploy.damage.Target.Replacement.Foreign;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every part of what an agent keeps, harmed in every way, against its start, a backup and a
 * restore. The coordinator's side knows nothing of these files: its columns would all say whole.
 *
 * <pre>
 * whole    done, and what is there is what was
 * refused  by a typed error that names the file
 * CODE     the job failed with this error
 * down     the agent doesn't run
 * never    there never was an older one
 * </pre>
 */
class AgentDamageTest {
  private static final List<List<String>> TABLE =
      """
      part             harm      start                backup             restore
      credential       delete    refused              down               down
      credential       truncate  refused              down               down
      credential       flip      refused              down               down
      credential       swap      refused              down               down
      credential       replay    never                never              never
      signing key      delete    refused              down               down
      signing key      truncate  refused              down               down
      signing key      flip      refused              down               down
      signing key      swap      whole                SIGNATURE_INVALID  whole
      signing key      replay    never                never              never
      encryption key   delete    refused              down               down
      encryption key   truncate  refused              down               down
      encryption key   flip      whole                MALFORMED          KEY_UNAVAILABLE
      encryption key   swap      whole                MALFORMED          KEY_UNAVAILABLE
      encryption key   replay    never                never              never
      grant            delete    refused              down               down
      grant            truncate  refused              down               down
      grant            flip      refused              down               down
      grant            swap      whole                whole              whole
      grant            replay    never                never              never
      enrolled         delete    refused              down               down
      enrolled         truncate  refused              down               down
      enrolled         flip      refused              down               down
      enrolled         swap      refused              down               down
      enrolled         replay    never                never              never
      authority        delete    whole                whole              whole
      authority        truncate  refused              down               down
      authority        flip      refused              down               down
      authority        swap      whole                whole              whole
      authority        replay    whole                whole              whole
      receipt          delete    whole                whole              whole
      receipt          truncate  whole                whole              whole
      receipt          flip      whole                whole              whole
      receipt          swap      whole                whole              whole
      receipt          replay    whole                whole              whole
      page cache       delete    whole                whole              whole
      page cache       truncate  whole                whole              whole
      page cache       flip      whole                whole              whole
      page cache       swap      whole                whole              whole
      page cache       replay    never                never              never
      """
          .lines()
          .skip(1)
          .map(line -> List.of(line.strip().split(" {2,}|(?<=\\?) ")))
          .toList();

  private static final long PATIENCE_NANOS = 120_000_000_000L;

  /** What an agent keeps. */
  enum Kept {
    CREDENTIAL("identity/credential.pem"),
    SIGNING_KEY("identity/signing.pem"),
    ENCRYPTION_KEY("identity/encryption.key"),
    GRANT("identity/grant"),
    ENROLLED("identity/enrolled"),
    AUTHORITY("authority"),
    RECEIPT("receipts"),
    PAGE_CACHE("pages");

    private final String place;

    Kept(String place) {
      this.place = place;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The newest file there. */
    Path in(Path state) throws IOException {
      try (Stream<Path> all = Files.walk(state.resolve(place))) {
        return all.filter(Files::isRegularFile)
            .max(
                java.util.Comparator.comparingLong((Path file) -> file.toFile().lastModified())
                    .thenComparing(file -> file))
            .orElseThrow(() -> new AssertionError("the agent keeps no " + place));
      }
    }

    boolean hasOlder() {
      return this == AUTHORITY || this == RECEIPT;
    }
  }

  @TempDir static Path shared;
  @TempDir Path work;

  private static Fleet fleet;
  private static Path source;
  private static FileTree tree;

  /** What Alpha kept after its first backup, what it keeps now, and what Beta keeps. */
  private static Path earlier;

  private static Path present;
  private static Path betas;

  @BeforeAll
  static void make() throws Exception {
    fleet = Fleet.found(shared.resolve("fleet"));
    source = Files.createDirectories(shared.resolve("source"));
    FileTree.empty().file("a", "first").writeTo(source);
    fleet.enrol("alpha").close();
    fleet.enrol("beta").close();
    present = fleet.root.resolve("agent-alpha");
    betas = fleet.root.resolve("agent-beta");
    earlier = shared.resolve("earlier");
    backUp("alpha", present);
    copy(present, earlier);
    FileTree.empty().directory("d").file("d/second", "second").writeTo(source);
    backUp("alpha", present);
    backUp("beta", betas);
    backUp("beta", betas);
    tree = FileTree.read(source);
  }

  private static void backUp(String host, Path state) throws Exception {
    try (AgentNode agent = agent(state, shared.resolve("allowed"));
        AdminLink admin = fleet.admin()) {
      awaitConnected(agent);
      JobResult result = result(each -> admin.backup(backupOf(host), each));
      assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome());
    }
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private static AgentNode agent(Path state, Path allowed) {
    String text =
        """
        version: 1
        data_dir: %s
        coordinators: ["%s"]
        restore:
          allow: ["%s"]
        """
            .formatted(state, fleet.endpoint(), allowed);
    AgentConfig config =
        new ConfigLoader<>(AgentConfig.class, name -> Optional.empty())
            .parse("test", text, List.of())
            .value();
    return AgentNode.start(config, fleet.time, fleet.randomness);
  }

  private static void awaitConnected(AgentNode agent) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!agent.isConnected()) {
      assertTrue(System.nanoTime() < end, "the agent never connected");
      LockSupport.parkNanos(2_000_000);
    }
  }

  private static StartBackupRequest backupOf(String host) {
    return StartBackupRequest.newBuilder()
        .setHost(host)
        .setOrder(BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8(source.toString())))
        .build();
  }

  private StartRestoreRequest restore() {
    return StartRestoreRequest.newBuilder()
        .setSnapshot("latest:alpha")
        .setHost("alpha")
        .setOrder(
            RestoreOrder.newBuilder().setTarget(ByteString.copyFromUtf8(allowed().toString())))
        .build();
  }

  private Path allowed() {
    return work.resolve("allowed");
  }

  private static JobResult result(Consumer<Consumer<JobEvent>> job) {
    AtomicReference<JobResult> result = new AtomicReference<>();
    job.accept(event -> {
      if (event.hasResult()) {
        result.set(event.getResult());
      }
    });
    return result.get();
  }

  @Test
  void shouldExpectSomethingInEveryCell() {
    for (Kept part : Kept.values()) {
      for (Harm harm : Harm.values()) {
        List<String> row = row(part, harm);
        assertEquals(5, row.size(), row::toString);
        assertEquals(harm == Harm.REPLAY && !part.hasOlder(), row.contains("never"));
      }
    }
    assertEquals(Kept.values().length * Harm.values().length, TABLE.size());
  }

  private static List<String> row(Kept part, Harm harm) {
    return TABLE.stream()
        .filter(row -> row.get(0).equals(part.word()) && row.get(1).equals(harm.word()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row for " + part.word() + " " + harm.word()));
  }

  static Stream<Arguments> rows() {
    return Arrays.stream(Kept.values())
        .flatMap(part -> Arrays.stream(Harm.values()).map(harm -> Arguments.of(part, harm)))
        .filter(row -> row.get()[1] != Harm.REPLAY || ((Kept) row.get()[0]).hasOlder());
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("rows")
  void everyHarmIsNoticedAndNamedOrHealed(Kept part, Harm harm) throws Exception {
    Path state = work.resolve("state");
    copy(present, state);
    Path file = part.in(state);
    target(part, harm, file)
        .harm(
            harm,
            new Foreign(Files.readAllBytes(part.in(betas))),
            part.hasOlder() ? Optional.of(Files.readAllBytes(part.in(earlier))) : Optional.empty());

    List<String> found = outcomes(state, file.getFileName().toString());

    List<String> expected = row(part, harm).subList(2, 5);
    assertEquals(expected, found, () -> part.word() + " " + harm.word());
  }

  /** A bit of a PEM file is flipped where its key begins: elsewhere it depends on the bit. */
  private static Target target(Kept part, Harm harm, Path file) throws IOException {
    boolean isPem = part == Kept.CREDENTIAL || part == Kept.SIGNING_KEY;
    return harm == Harm.FLIP && isPem ? Target.range(file, 30, 40) : Target.of(file);
  }

  private List<String> outcomes(Path state, String file) throws Exception {
    try (AgentNode agent = agent(state, allowed());
        AdminLink admin = fleet.admin()) {
      awaitConnected(agent);
      String backup = outcome(result(each -> admin.backup(backupOf("alpha"), each)));
      String restore = outcome(result(each -> admin.restore(restore(), each)));
      if (restore.equals("whole")) {
        Path top = allowed().resolve(source.toString().substring(1));
        assertEquals(List.of(), tree.differences(FileTree.read(top)));
      }
      return List.of("whole", backup, restore);
    } catch (HoldfastException e) {
      boolean named = e.getMessage().contains(file);
      return List.of(named ? "refused" : "WRONG: " + e.getMessage(), "down", "down");
    }
  }

  private static String outcome(JobResult result) {
    return result.getOutcome() == JobOutcome.JOB_OUTCOME_COMPLETE
        ? "whole"
        : RpcErrors.fromDetail(result.getError()).code().name();
  }
}
