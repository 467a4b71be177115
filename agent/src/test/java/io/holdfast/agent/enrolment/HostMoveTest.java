package io.holdfast.agent.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a move does with files, wherever it is interrupted; that it is decided, is made by hand. */
class HostMoveTest {
  private static final HostRecord HERE = host(1);
  private static final HostRecord THERE = host(2);

  @TempDir Path directory;

  private StateDirectory state;

  private static HostRecord host(int number) {
    byte[] id = new byte[16];
    id[0] = (byte) number;
    return new HostRecord(
        FleetId.of(id),
        HostId.of(id),
        RepositoryId.of(id),
        List.of(Endpoint.parse("backup" + number + ":7443")));
  }

  @BeforeEach
  void enrolAndDecide() throws IOException {
    state = StateDirectory.open(directory.resolve("state"));
    write(state.enrolled(), HERE.encode());
    write(state.signingKey(), "key here");
    write(state.authority(), "authority here");
    write(state.receipts().resolve("1.receipt"), "receipt");
    write(state.pages().resolve("ab/abcd"), "page");
    write(state.postgresql().resolve("db.server"), "server");
    write(state.unfinished().resolve("job"), "to be put right on this machine");
    StateDirectory next = state.next();
    write(next.order(), "token");
    write(next.signingKey(), "key there");
    write(next.enrolled(), THERE.encode());
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(state.root())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(state.root().relativize(file).toString(), Files.readString(file));
      }
    }
    return found;
  }

  private Map<String, String> finished() {
    String former = "former/" + HERE.repository() + "." + HERE.host() + "/";
    return new TreeMap<>(
        Map.of(
            "identity/enrolled",
            THERE.encode(),
            "identity/signing.pem",
            "key there",
            "unfinished/job",
            "to be put right on this machine",
            former + "identity/enrolled",
            HERE.encode(),
            former + "identity/signing.pem",
            "key here",
            former + "authority",
            "authority here",
            former + "receipts/1.receipt",
            "receipt",
            former + "postgresql/db.server",
            "server",
            former + "moved-to",
            THERE.encode()));
  }

  /** A host that begins anew where it is goes on with what it saw of the journal there. */
  @Test
  void shouldKeepTheMemoryOfAuthorityAndTheAddressesWhereItStays() throws IOException {
    HostRecord anew =
        new HostRecord(
            HERE.fleet(), THERE.host(), HERE.repository(), List.of(Endpoint.parse("backup3:7443")));
    write(state.next().enrolled(), anew.encode());
    HostMove.finish(state, List.of(Endpoint.parse("named:7443")));
    assertEquals("authority here", Files.readString(state.authority()));
    assertEquals(anew, HostIdentity.record(state));
    assertTrue(Files.exists(former().receipts().resolve("1.receipt")));
    assertFalse(Files.exists(former().authority()));
    assertEquals(
        List.of("named:7443", "backup3:7443", "backup1:7443"),
        HostIdentity.record(former()).coordinators().stream().map(Endpoint::toString).toList(),
        "where it is to say that it has new keys");
  }

  private StateDirectory former() {
    return new StateDirectory(state.former().resolve(HERE.repository() + "." + HERE.host()));
  }

  /** The first {@code steps} of what finish does, as if it had been killed then. */
  private void interruptedAfter(int steps) throws IOException {
    List<Step> all =
        List.of(
            () -> write(former().movedTo(), THERE.encode()),
            () -> Files.move(state.authority(), former().authority()),
            () -> Files.move(state.receipts(), former().receipts()),
            () -> Files.move(state.postgresql(), former().postgresql()),
            () -> Files.delete(state.pages().resolve("ab/abcd")),
            () -> Files.move(state.identity(), former().identity()),
            () -> Files.move(state.next().identity(), state.identity()));
    for (Step step : all.subList(0, steps)) {
      step.run();
    }
    if (steps < all.size()) {
      var _ = StateDirectory.open(state.root()); // as whoever starts next does first
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void shouldComeToTheSameEndWhereverItWasInterrupted(int steps) throws IOException {
    interruptedAfter(steps);
    assertTrue(HostMove.isDecided(state));
    HostMove.finish(state, List.of());
    assertFalse(HostMove.isDecided(state));
    assertEquals(finished(), files());
    assertEquals(List.of(former()), FormerIdentities.of(state));
    assertEquals(THERE, FormerIdentities.movedTo(former()));
    assertFalse(FormerIdentities.isConfirmed(former()));
    FormerIdentities.confirmed(former());
    assertTrue(FormerIdentities.isConfirmed(former()));
  }

  @Test
  void shouldLeaveNothingToDoOnceItsIdentityIsInPlace() throws IOException {
    interruptedAfter(7);
    assertFalse(HostMove.isDecided(state));
    HostMove.finish(state, List.of());
    assertEquals(THERE, HostIdentity.record(state));
  }

  @Test
  void shouldChangeNothingUntilItIsDecided() throws IOException {
    Files.delete(state.next().enrolled());
    Map<String, String> before = files();
    HostMove.finish(state, List.of());
    assertEquals(before, files());
    assertEquals(HERE, HostIdentity.record(state));
  }

  @Test
  void shouldRefuseToOverwriteAFormerIdentityOfTheSameHost() throws IOException {
    write(former().enrolled(), HERE.encode());
    assertThrows(HoldfastException.class, () -> HostMove.finish(state, List.of()));
    assertEquals(HERE, HostIdentity.record(state), "nothing is lost");
  }

  private static Endpoint at(String address) {
    return Endpoint.parse(address);
  }

  @Test
  void shouldKeepWhereTheFormerCoordinatorsAreByNow() {
    List<Endpoint> named = List.of(at("moved:7443"), at("backup2:7443"));
    HostMove.finish(state, named);
    assertEquals(
        List.of(at("moved:7443"), at("backup1:7443")),
        HostIdentity.record(former()).coordinators(),
        "and none of those that it went to");
    assertEquals(
        HERE.coordinators(),
        HostMove.formerAddresses(HERE, List.of(), HERE.coordinators()),
        "one at least, even if the other repository is where this one was");
  }

  @Test
  void shouldListTheNewestIdentityFirst() throws IOException {
    for (int number = 1; number <= 3; number++) {
      HostRecord host = host(number);
      StateDirectory each =
          new StateDirectory(state.former().resolve(host.repository() + "." + host.host()));
      write(each.enrolled(), host.encode());
      write(each.movedTo(), THERE.encode());
      Files.setLastModifiedTime(each.movedTo(), FileTime.fromMillis(number == 2 ? 9_000 : number));
    }
    assertEquals(
        List.of(host(2), host(3), host(1)),
        FormerIdentities.newestFirst(state).stream().map(HostIdentity::record).toList());
  }
}
