package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.coordinator.fleet.FleetMeter;
import io.holdfast.coordinator.ingest.IngestMeter;
import io.holdfast.coordinator.serve.ReadMeter;

/** Counts nothing yet that nobody asks for: replaced by metrics. */
final class Meters implements IngestMeter, ReadMeter, FleetMeter {
  @Override
  public void uploaded(long sealedBytes) {}

  @Override
  public void committed(long logicalBytes, boolean withGaps) {}

  @Override
  public void commitRefused() {}

  @Override
  public void served(long sealedBytes) {}

  @Override
  public void refused() {}

  @Override
  public void damaged() {}

  @Override
  public void enrolled() {}

  @Override
  public void renewed() {}

  @Override
  public void refused(ErrorCode code) {}

  @Override
  public void tokenReused() {}

  @Override
  public void cloneRefused() {}

  @Override
  public void callsEnded(int calls) {}
}
