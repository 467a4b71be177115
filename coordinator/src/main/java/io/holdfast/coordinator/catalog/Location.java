package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;

/**
 * One place where a chunk lies.
 *
 * @param entry position in the pack's footer
 * @param owner host that uploaded it
 * @param offset of the sealed bytes from the pack's start
 * @param crc32c of the sealed bytes
 * @param present whether the sealed bytes are there: registered, and neither lost nor condemned
 * @param proven whether they were unsealed at this site and their id recomputed
 * @param checked whether they were read again and are those that arrived
 */
public record Location(
    PackId pack,
    int entry,
    HostId owner,
    int offset,
    int sealedLength,
    int plainLength,
    int crc32c,
    boolean present,
    boolean proven,
    boolean checked) {

  /**
   * Whether a snapshot of {@code host} may rest on this location: it is present, and {@code host}
   * uploaded it itself or it is proven. Another host's unproven upload may be anything.
   */
  public boolean countsFor(HostId host) {
    return present && (proven || owner.equals(host));
  }
}
