package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.proto.stored.v1.Genesis;
import java.util.List;

/**
 * What a record does to the journal itself, apart from the catalog: said by its first mutations.
 */
public sealed interface Opening {
  /** Nothing: the term goes on. */
  record Continues() implements Opening {}

  /** First mutation {@code TermStarted}: a new leader. */
  record StartsTerm(List<ByteString> certificates) implements Opening {}

  /** First {@code Genesis}, then {@code TermStarted}: the first record. */
  record StartsJournal(Genesis genesis, List<ByteString> certificates) implements Opening {}

  /** First {@code RollbackAccepted}, then {@code TermStarted}: a new incarnation. */
  record RollsBack(IncarnationId ended, List<ByteString> certificates) implements Opening {}
}
