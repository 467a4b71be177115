package io.holdfast.coordinator.vault;

import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.VaultId;

/** Which vault this is and whose objects it holds, as its marker says since it was made. */
public record VaultIdentity(VaultId vault, RepositoryId repository) {}
