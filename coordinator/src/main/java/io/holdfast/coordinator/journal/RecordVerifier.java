package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.CoordinatorId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whose signature counts: a pure function of its arguments, so that every reader of a journal comes
 * to the same answer at any time. Safe for use by many threads.
 */
public interface RecordVerifier {
  /**
   * The key of the first certificate, or empty if the certificates don't lead to one of {@code
   * roots}, the newest last, or to one that the newest introduces, if one wasn't valid at {@code
   * at} (the record's own time), or if the first isn't that of the coordinator {@code writer}: a
   * host's certificate leads to the same root and must never sign a record.
   */
  Optional<SignerKey> signerKey(
      List<ByteString> certificates, List<ByteString> roots, CoordinatorId writer, Instant at);

  /** Whether {@code signature} signs {@code unsigned} as a journal record by {@code key}. */
  boolean verify(SignerKey key, byte[] unsigned, byte[] signature);
}
