package io.holdfast.agent.tree;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.Names;
import io.holdfast.common.entry.Octets;

/**
 * One way in which the target isn't what the snapshot says.
 *
 * @param path as the entry had it, safe or not
 * @param errno the kernel's number, 0 if it wasn't asked
 */
public record Difference(Octets path, DifferenceReason reason, int errno) {
  @Override
  public String toString() {
    String cause = errno == 0 ? "" : " (" + Errno.describe(errno) + ")";
    return Names.display(path.toByteArray()) + ": " + reason + cause;
  }
}
