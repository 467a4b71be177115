package io.holdfast.coordinator.browse;

import io.holdfast.common.id.HostId;

/** What people call hosts. Any thread. */
public interface HostNames {
  /**
   * The one host that {@code text} means: a name, an id or the beginning of one. HOST_NOT_FOUND, or
   * INVALID_ARGUMENT that names the candidates.
   */
  HostId find(String text);

  /** For people; the id if the host has no name. */
  String name(HostId host);
}
