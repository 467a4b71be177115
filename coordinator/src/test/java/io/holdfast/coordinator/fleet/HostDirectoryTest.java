package io.holdfast.coordinator.fleet;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.fleet.FleetKit.Enrolled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostDirectoryTest {
  private final FleetKit kit = new FleetKit(12);

  @AfterEach
  void close() {
    kit.close();
  }

  @Test
  void shouldFindAHostByNameByIdAndByTheBeginningOfItsId() throws InterruptedException {
    Enrolled web = kit.enrol("web");
    kit.enrol("db");
    assertEquals(web.id(), kit.hosts.find("web").id());
    assertEquals(web.id(), kit.hosts.find(web.id().toString()).id());
    assertEquals(web.id(), kit.hosts.find(web.id().toString().substring(0, 6)).id());
  }

  @Test
  void shouldNotGuessBetweenTwoHostsOfOneName() throws InterruptedException {
    Enrolled first = kit.enrol("web");
    Enrolled second = kit.enrol("web");
    HoldfastException thrown = assertCode(ErrorCode.INVALID_ARGUMENT, () -> kit.hosts.find("web"));
    assertTrue(thrown.getMessage().contains(first.id().toString()));
    assertTrue(thrown.getMessage().contains(second.id().toString()));
  }

  @Test
  void shouldNotTakeAHostThatNamesItselfLikeAnothersId() throws InterruptedException {
    Enrolled victim = kit.enrol("victim");
    kit.enrol(victim.id().toString());
    kit.enrol(victim.id().toString().substring(0, 8));
    assertEquals(victim.id(), kit.hosts.find(victim.id().toString()).id());
    assertCode(
        ErrorCode.INVALID_ARGUMENT, () -> kit.hosts.find(victim.id().toString().substring(0, 8)));
  }

  @Test
  void shouldPreferTheHostThatIsNotRevoked() throws InterruptedException {
    Enrolled old = kit.enrol("web");
    kit.revocations.revoke(old.id(), "anna");
    assertEquals(old.id(), kit.hosts.find("web").id());
    Enrolled rebuilt = kit.enrol("web");
    assertEquals(rebuilt.id(), kit.hosts.find("web").id());
  }

  @Test
  void shouldSayThatThereIsNoSuchHost() throws InterruptedException {
    kit.enrol("");
    assertCode(ErrorCode.HOST_NOT_FOUND, () -> kit.hosts.find("web"));
    assertCode(ErrorCode.HOST_NOT_FOUND, () -> kit.hosts.find(""));
    assertCode(ErrorCode.HOST_NOT_FOUND, () -> kit.hosts.find("abc"));
    assertCode(ErrorCode.HOST_NOT_FOUND, () -> kit.hosts.find("0".repeat(32)));
  }
}
