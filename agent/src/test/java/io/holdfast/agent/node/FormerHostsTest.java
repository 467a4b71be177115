package io.holdfast.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.enrolment.Enrolment;
import io.holdfast.agent.enrolment.FormerIdentities;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.link.FakeCoordinator;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.proto.wire.v1.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said where this host was, and when it is said again. */
@Timeout(60)
class FormerHostsTest {
  @TempDir private Path directory;
  private FakeCoordinator coordinator;
  private FakeCoordinator stranger;
  private StateDirectory former;

  @BeforeEach
  void start() throws IOException {
    coordinator = new FakeCoordinator(71);
    stranger = new FakeCoordinator(72);
  }

  @AfterEach
  void stop() {
    coordinator.close();
    stranger.close();
  }

  /** A host that went away from the coordinators at {@code addresses}, of which one lets it in. */
  private FormerHosts moved(Endpoint... addresses) throws IOException {
    former = StateDirectory.open(directory.resolve("state/former/was"));
    new Enrolment(former, coordinator.time, coordinator.randomness)
        .enrol(coordinator.token(addresses), HostFacts.getDefaultInstance())
        .close();
    Files.copy(
        former.root().resolve("identity/enrolled"),
        former.root().resolve("moved-to"),
        StandardCopyOption.COPY_ATTRIBUTES);
    return FormerHosts.open(
        new StateDirectory(directory.resolve("state")), coordinator.time, coordinator.randomness);
  }

  private boolean isConfirmed() {
    return FormerIdentities.isConfirmed(former);
  }

  @Test
  void shouldGoOnSayingItOnceItIsKnown() throws IOException {
    try (FormerHosts formers = moved(coordinator.endpoint())) {
      assertTrue(formers.round());
      assertTrue(isConfirmed());
      assertTrue(formers.round());
      assertEquals(2, coordinator.moves.size(), "so that it learns of other roots");
      assertEquals(1, coordinator.moves.peek().getRootsCount());
      assertEquals(
          coordinator.moves.peek().getRoots(0), coordinator.moves.peek().getCredentialRoot());
    }
  }

  @Test
  void shouldSayItSoonAgainToWhomIsAway() throws IOException {
    try (FormerHosts formers = moved(coordinator.endpoint())) {
      coordinator.failure = Optional.of(new HoldfastException(ErrorCode.UNAVAILABLE, "it is away"));
      assertFalse(formers.round());
      assertFalse(isConfirmed());
      coordinator.failure = Optional.empty();
      assertTrue(formers.round());
      assertTrue(isConfirmed());
    }
  }

  @Test
  void shouldNotHurryWhereOnlyPeopleCanHelp() throws IOException {
    try (FormerHosts formers = moved(coordinator.endpoint(), stranger.endpoint())) {
      coordinator.close();
      assertTrue(formers.round(), "the root there isn't the one that is known here");
      assertFalse(isConfirmed(), "and it is said again in an hour");
    }
  }

  @Test
  void shouldSayNothingMoreOnceItIsRevoked() throws IOException {
    try (FormerHosts formers = moved(coordinator.endpoint())) {
      coordinator.failure =
          Optional.of(new HoldfastException(ErrorCode.HOST_REVOKED, "it was revoked"));
      assertTrue(formers.round());
      coordinator.failure = Optional.empty();
      assertTrue(formers.round());
      assertEquals(0, coordinator.moves.size());
    }
  }
}
