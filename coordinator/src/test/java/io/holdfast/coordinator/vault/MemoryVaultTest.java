package io.holdfast.coordinator.vault;

class MemoryVaultTest extends VaultContract {
  private final Vault vault = new MemoryVault();

  @Override
  protected Vault vault() {
    return vault;
  }

  @Override
  protected Vault otherMember() {
    return vault;
  }
}
