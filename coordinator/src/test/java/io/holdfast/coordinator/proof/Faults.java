package io.holdfast.coordinator.proof;

import java.util.ArrayList;
import java.util.List;

/** Gathers what a verification tells. */
final class Faults implements VerifyListener {
  final List<Fault> faults = new ArrayList<>();
  final List<VerifyTally> tallies = new ArrayList<>();

  @Override
  public void progress(VerifyTally tally) {
    tallies.add(tally);
  }

  @Override
  public void fault(Fault fault) {
    faults.add(fault);
  }
}
