package io.holdfast.coordinator.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostQuotasTest {
  private final TestRepository repository = TestRepository.begun(8);
  private final TestHost alice = TestHost.enrol(repository, "alice");

  private long stored(HostId host) {
    try (CatalogView view = repository.view()) {
      return view.fleet().storedBytes(host);
    }
  }

  private List<HostQuotas.Filled> nearlyFilled(long quota) {
    return new HostQuotas(repository::view, quota).nearlyFilled();
  }

  @Test
  void shouldNameHostsThatHaveATenthLeftOrLess() throws InterruptedException {
    TestHost.enrol(repository, "bob");
    alice.backup().file("a", "some text").commit();
    long stored = stored(alice.id());
    assertTrue(stored > 10);
    assertEquals(List.of(), nearlyFilled(0), "no quota");
    assertEquals(List.of(), nearlyFilled(HostQuotas.UNLIMITED));
    assertEquals(List.of(), nearlyFilled(stored + stored / 4));
    HostQuotas.Filled near = nearlyFilled(stored + stored / 20).getFirst();
    assertEquals(alice.id(), near.host());
    assertFalse(near.isFull());
    assertTrue(nearlyFilled(stored).getFirst().isFull());
    assertTrue(nearlyFilled(1).getFirst().isFull());
    assertEquals(List.of(), nearlyFilled(Long.MIN_VALUE), "quotas are unsigned");
  }
}
