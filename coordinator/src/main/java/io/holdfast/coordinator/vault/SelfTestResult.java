package io.holdfast.coordinator.vault;

import io.holdfast.common.id.VaultId;
import java.time.Duration;
import java.util.List;

/**
 * What a vault has shown.
 *
 * @param members how many independently opened views of the vault took part
 */
public record SelfTestResult(VaultId vault, int members, List<Passed> checks) {
  public SelfTestResult {
    checks = List.copyOf(checks);
  }

  /**
   * One check that was passed.
   *
   * @param creates how many creates were tried
   * @param unknown how many of them ended with an unknown outcome, which is allowed and worth
   *     watching
   */
  public record Passed(VaultCheck check, int creates, int unknown, Duration took) {}
}
