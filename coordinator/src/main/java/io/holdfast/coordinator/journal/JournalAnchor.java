package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.RepositoryId;
import java.util.Optional;

/**
 * What a reader knows beforehand of the journal it reads: from its own configuration, or from the
 * recovery kit. Without it the first record is believed, which only break-glass recovery should do.
 *
 * @param rootCertificate DER of the fleet's root certificate
 */
public record JournalAnchor(
    Optional<RepositoryId> repository, Optional<ByteString> rootCertificate) {
  public static JournalAnchor pinned(RepositoryId repository, ByteString rootCertificate) {
    return new JournalAnchor(Optional.of(repository), Optional.of(rootCertificate));
  }

  /** Believes the first record. */
  public static JournalAnchor asFound() {
    return new JournalAnchor(Optional.empty(), Optional.empty());
  }
}
