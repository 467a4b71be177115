package io.holdfast.agent.tree;

import io.holdfast.agent.posix.Posix;

/**
 * What restored entries may gain.
 *
 * @param owners set owner and group
 * @param setIds keep set-user and set-group bits and file capabilities, where the owner could be
 *     set
 * @param devices make character and block devices
 */
public record Privileges(boolean owners, boolean setIds, boolean devices) {
  /** Nothing beyond plain files of the restoring user. */
  public static Privileges none() {
    return new Privileges(false, false, false);
  }

  /** Owners if this process is root, but nothing that could run or reach more than before. */
  public static Privileges careful() {
    return new Privileges(Posix.effectiveUserId() == 0, false, false);
  }

  /** A host as it was: for a restore onto the same, trusted host. */
  public static Privileges full() {
    return new Privileges(true, true, true);
  }
}
