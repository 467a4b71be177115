package io.holdfast.deploy.sim;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import java.util.HashSet;
import java.util.Set;

/** What the world did to the vault's bytes and which hosts lied: what nobody can be blamed for. */
final class Damage {
  private final Set<PackId> packs = new HashSet<>();
  private final Set<PackId> ever = new HashSet<>();
  private final Set<SimHost> hostile = new HashSet<>();

  void damaged(PackId pack) {
    packs.add(pack);
    ever.add(pack);
  }

  /** All bytes are what they were: from here on nothing is excused by it. */
  void mended() {
    packs.clear();
  }

  void lied(SimHost host) {
    hostile.add(host);
  }

  boolean any() {
    return !packs.isEmpty();
  }

  boolean isDamaged(PackId pack) {
    return packs.contains(pack);
  }

  /** Whether it was damaged once, mended or not: then a loss may be on record. */
  boolean wasDamaged(PackId pack) {
    return ever.contains(pack);
  }

  boolean isHostile(SimHost host) {
    return hostile.contains(host);
  }

  boolean isHostile(HostId host) {
    return hostile.stream().anyMatch(each -> each.member().id().equals(host));
  }
}
