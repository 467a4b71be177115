package io.holdfast.coordinator.proof;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.ingest.AskedChunks;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Hosts whose unproven chunks others have asked for: to prove their snapshots first saves uploads.
 * Remembers some, until they are taken. Any thread.
 */
public final class AskedHosts implements AskedChunks {
  private static final int LIMIT = 1_024;

  private final Set<HostId> owners = new LinkedHashSet<>();

  @Override
  public synchronized void asked(HostId owner) {
    if (owners.size() < LIMIT) {
      owners.add(owner);
    }
  }

  synchronized boolean isEmpty() {
    return owners.isEmpty();
  }

  synchronized Set<HostId> take() {
    Set<HostId> taken = new LinkedHashSet<>(owners);
    owners.clear();
    return taken;
  }
}
