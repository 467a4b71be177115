package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.proto.stored.v1.HostDecommissioned;
import io.holdfast.proto.stored.v1.HostRenamed;
import io.holdfast.proto.stored.v1.HostReplaced;
import io.holdfast.proto.stored.v1.Mutation;

/** Effects of what becomes of hosts after they were enrolled. Only names can change back. */
final class HostLifeChanges {
  private HostLifeChanges() {}

  static void rename(HostRenamed change, Mutation mutation, Effects effects) {
    byte[] host = Fields.host(change.getHost()).toByteArray();
    if (!effects.has(Families.HOSTS, host)) {
      effects.ignore();
      return;
    }
    effects.put(Families.HOST_NAMES, host, effects.recorded(mutation));
  }

  static void decommission(HostDecommissioned change, Mutation mutation, Effects effects) {
    byte[] host = Fields.host(change.getHost()).toByteArray();
    if (!effects.has(Families.HOSTS, host) || effects.has(Families.HOSTS_DECOMMISSIONED, host)) {
      effects.ignore();
      return;
    }
    effects.put(Families.HOSTS_DECOMMISSIONED, host, effects.recorded(mutation));
  }

  /**
   * A host is replaced once, by one that isn't replaced itself: so there is no circle. That the
   * successor replaces nobody else, its leader has looked at.
   */
  static void replace(HostReplaced change, Mutation mutation, Effects effects) {
    HostId former = Fields.host(change.getFormer());
    HostId successor = Fields.host(change.getSuccessor());
    boolean refused =
        former.equals(successor)
            || !effects.has(Families.HOSTS, former.toByteArray())
            || !effects.has(Families.HOSTS, successor.toByteArray())
            || effects.has(Families.HOSTS_REPLACED, former.toByteArray())
            || effects.has(Families.HOSTS_REPLACED, successor.toByteArray());
    if (refused) {
      effects.ignore();
      return;
    }
    effects.put(Families.HOSTS_REPLACED, former.toByteArray(), effects.recorded(mutation));
  }
}
