package io.holdfast.deploy.sim;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.vault.ForwardingVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectPrefix;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.Vault;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Takes what a list doesn't name for what isn't there; asks for one whenever it opens something.
 */
final class ListTrustingVault extends ForwardingVault {
  private static final ObjectPrefix PACKS = ObjectPrefix.of("packs/");

  private Set<ObjectName> listed = Set.of();

  ListTrustingVault(Vault target) {
    super(target);
  }

  @Override
  public ObjectReader open(ObjectName name) {
    Set<ObjectName> found = new HashSet<>();
    list(PACKS, Optional.empty(), found::add);
    listed = found;
    if (!listed.contains(name)) {
      throw new HoldfastException(ErrorCode.OBJECT_NOT_FOUND, name + " isn't listed");
    }
    return super.open(name);
  }

  @Override
  public OptionalLong size(ObjectName name) {
    return listed.contains(name) ? super.size(name) : OptionalLong.empty();
  }
}
