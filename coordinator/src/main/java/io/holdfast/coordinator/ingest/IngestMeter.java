package io.holdfast.coordinator.ingest;

/** Told what sessions do; the metrics listen. Any thread. */
public interface IngestMeter {
  void uploaded(long sealedBytes);

  void committed(long logicalBytes, boolean withGaps);

  void commitRefused();
}
