package io.holdfast.deploy.sim;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.ingest.CommitWalk;
import io.holdfast.coordinator.ingest.ReferenceRules;
import java.util.BitSet;
import java.util.List;

/** Rules by which more counts than should. */
class PlantedRules implements ReferenceRules {
  private final ReferenceRules target;

  PlantedRules(ReferenceRules target) {
    this.target = target;
  }

  boolean alsoCounts(ChunkRef chunk) {
    return false;
  }

  @Override
  public BitSet known(HostId host, List<ChunkRef> references) {
    BitSet known = target.known(host, references);
    for (int i = 0; i < references.size(); i++) {
      if (alsoCounts(references.get(i))) {
        known.set(i);
      }
    }
    return known;
  }

  @Override
  public CommitWalk walk(ChunkRef root, HostId host) {
    CommitWalk walk = target.walk(root, host);
    return new CommitWalk(
        walk.missing().stream().filter(chunk -> !alsoCounts(chunk)).toList(), walk.checked());
  }
}
