package io.holdfast.coordinator.fleet;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.HostId;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostLifeTest {
  private final FleetKit kit = new FleetKit(81);
  private final HostLife life = new HostLife(kit.ports, kit.hosts, kit.calls);

  @AfterEach
  void close() {
    kit.close();
  }

  private NamedHost enrol(String name) throws InterruptedException {
    return kit.hosts.get(kit.enrol(name).id());
  }

  @Test
  void shouldFindAHostByItsNewNameOnly() throws InterruptedException {
    NamedHost web = enrol("web");
    assertEquals("www", life.rename(web, "www", "anna").name());
    assertEquals(web.id(), kit.hosts.find("www").id());
    assertCode(ErrorCode.HOST_NOT_FOUND, () -> kit.hosts.find("web"));
    life.rename(kit.hosts.find("www"), "web", "anna");
    assertEquals(web.id(), kit.hosts.find("web").id());
  }

  @Test
  void shouldRefuseNamesThatAreTakenOrCannotBe() throws InterruptedException {
    NamedHost web = enrol("web");
    NamedHost db = enrol("db");
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> life.rename(web, "db", "anna"));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> life.rename(web, "", "anna"));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> life.rename(web, "a\nb", "anna"));
    kit.revocations.revoke(db.id(), "anna");
    assertEquals("db", life.rename(web, "db", "anna").name());
  }

  private boolean isDecommissioned(NamedHost host) {
    return kit.ports.look(fleet -> fleet.isDecommissioned(host.id()));
  }

  @Test
  void shouldLockOutWhatIsDecommissionedAndRememberThatItWasMeant() throws InterruptedException {
    NamedHost web = enrol("web");
    assertTrue(life.decommission(web, "anna").isRevoked());
    assertTrue(isDecommissioned(web));
    long before = kit.journal.wireAuthority().getSeq();
    life.decommission(kit.hosts.get(web.id()), "anna");
    assertEquals(before, kit.journal.wireAuthority().getSeq(), "once is enough");
    NamedHost db = enrol("db");
    kit.revocations.revoke(db.id(), "anna");
    assertFalse(isDecommissioned(db));
    life.decommission(kit.hosts.get(db.id()), "anna");
    assertTrue(isDecommissioned(db));
  }

  private Optional<HostId> former(NamedHost host) {
    return kit.ports.look(fleet -> fleet.former(host.id()));
  }

  @Test
  void shouldLinkAHostToTheOneItReplaces() throws InterruptedException {
    NamedHost old = enrol("web");
    NamedHost rebuilt = enrol("web");
    life.replace(old, rebuilt, "anna");
    assertEquals(Optional.of(old.id()), former(rebuilt));
    assertTrue(isDecommissioned(old));
    assertEquals(rebuilt.id(), kit.hosts.find("web").id(), "the name means the present one");
    NamedHost again = enrol("web2");
    life.replace(rebuilt, again, "anna");
    assertEquals(Optional.of(rebuilt.id()), former(again));
  }

  @Test
  void shouldRefuseCirclesAndForks() throws InterruptedException {
    NamedHost a = enrol("a");
    NamedHost b = enrol("b");
    NamedHost c = enrol("c");
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> life.replace(a, a, "anna"));
    life.replace(a, b, "anna");
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> life.replace(a, c, "anna"));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> life.replace(b, a, "anna"));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> life.replace(c, b, "anna"));
    NamedHost revoked = kit.hosts.get(a.id());
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> life.replace(c, revoked, "anna"));
    assertEquals(Optional.empty(), former(c));
  }
}
