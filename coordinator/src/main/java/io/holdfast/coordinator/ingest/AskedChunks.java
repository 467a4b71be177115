package io.holdfast.coordinator.ingest;

import io.holdfast.common.id.HostId;

/** Told whose chunks would save other hosts an upload if they were proven. Any thread. */
@FunctionalInterface
public interface AskedChunks {
  /** Nobody cares. */
  AskedChunks IGNORED = owner -> {};

  /** Another host than {@code owner} asked for a chunk that only {@code owner} has uploaded. */
  void asked(HostId owner);
}
