package io.holdfast.coordinator.proof;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.VaultId;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.proto.stored.v1.LossCause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what was never proven, and records what it finds. One thread, one snapshot. */
final class ProvingScope implements WalkScope {
  private static final Logger LOG = LoggerFactory.getLogger(ProvingScope.class);

  private final VaultId vault;
  private final ProofMeter meter;
  private final ProofRecorder proofs;
  private final LossRecorder losses;
  private final boolean keyed;
  private long missing;

  /** What is found good is told at level proven. */
  ProvingScope(ProofPorts ports, ProofRecorder proofs, LossRecorder losses) {
    this(ports, proofs, losses, true);
  }

  /** {@code keyed}: whether chunks are opened; else their sealed bytes alone are read. */
  ProvingScope(ProofPorts ports, ProofRecorder proofs, LossRecorder losses, boolean keyed) {
    this.keyed = keyed;
    this.vault = ports.vault().identity().vault();
    this.meter = ports.meter();
    this.proofs = proofs;
    this.losses = losses;
  }

  /** How many chunks have no location left. */
  long missingCount() {
    return missing;
  }

  @Override
  public boolean isSettled(Location at) {
    return at.proven() || (!keyed && at.checked()) || proofs.holds(at.pack(), at.entry());
  }

  @Override
  public void good(Location at, ChunkRef chunk) throws InterruptedException {
    meter.good(at.sealedLength());
    if (!isSettled(at)) {
      proofs.add(at.pack(), at.entry());
    }
  }

  @Override
  public void lost(Location at, ChunkRef chunk, LossCause cause, HoldfastException why) {
    meter.bad(cause);
    LOG.error(
        "{} of host {} in vault {}, pack {} at offset {} is lost: {}",
        chunk,
        at.owner(),
        vault,
        at.pack(),
        at.offset(),
        why.getMessage());
    losses.add(at.pack(), at.entry(), cause);
  }

  @Override
  public void untold(Location at, ChunkRef chunk, HoldfastException why) {
    meter.untold();
    LOG.warn("{} can't be proven now: {}", chunk, why.getMessage());
  }

  @Override
  public void missing(ChunkRef chunk) {
    missing++;
  }

  @Override
  public void settle() throws InterruptedException {
    losses.flush();
  }
}
