package io.holdfast.coordinator.sweep;

import io.holdfast.common.id.FleetId;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.proto.wire.v1.Authority;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What sweeps over a test's repository stand on. */
final class TestSweeps {
  static final SweepLimits LIMITS = limits(1 << 20);

  private TestSweeps() {}

  /**
   * @param free bytes that may be condemned without an approval
   */
  static SweepLimits limits(long free) {
    return new SweepLimits(Duration.ofHours(12), 50, 0, free, 20, 1 << 20, 1 << 20);
  }

  static SweepPorts ports(TestRepository repository) {
    FleetPorts fleet =
        new FleetPorts(
            FleetId.of(new byte[16]),
            repository.id(),
            repository::view,
            repository.journal(),
            repository.mutations(),
            Authority::getDefaultInstance,
            null,
            repository.time(),
            repository.randomness());
    return new SweepPorts(
        fleet,
        repository.journal(),
        repository.vault(),
        repository.proof().packs(),
        repository.proof().footers(),
        repository.commitPath(),
        () -> false,
        Optional::empty);
  }

  /** Reads footers from the vault again, as after a restart. */
  static SweepPorts withFreshFooters(SweepPorts usual) {
    return new SweepPorts(
        usual.fleet(),
        usual.alone(),
        usual.vault(),
        usual.packs(),
        new Footers(usual.vault()),
        usual.commitPath(),
        usual.hostsMoveData(),
        usual.clockDoubt());
  }

  static SweepPorts with(SweepPorts usual, BooleanSupplier hostsMoveData) {
    return new SweepPorts(
        usual.fleet(),
        usual.alone(),
        usual.vault(),
        usual.packs(),
        usual.footers(),
        usual.commitPath(),
        hostsMoveData,
        usual.clockDoubt());
  }

  static SweepPorts inDoubt(SweepPorts usual) {
    return new SweepPorts(
        usual.fleet(),
        usual.alone(),
        usual.vault(),
        usual.packs(),
        usual.footers(),
        usual.commitPath(),
        usual.hostsMoveData(),
        () -> Optional.of("the clock is doubted"));
  }
}
