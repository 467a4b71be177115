package io.holdfast.coordinator.proof;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.proto.stored.v1.LossCause;

/** What a walk is for: which locations it opens, and what becomes of its findings. */
interface WalkScope {
  /** Whether what lies at {@code at} is known to be good and needn't be opened again. */
  boolean isSettled(Location at);

  /** The chunk was opened there (or, without a key, read) and is what it should be. */
  void good(Location at, ChunkRef chunk) throws InterruptedException;

  /** Two readings found it bad there. */
  void lost(Location at, ChunkRef chunk, LossCause cause, HoldfastException why);

  /** Nothing could be told of it now. */
  void untold(Location at, ChunkRef chunk, HoldfastException why);

  /** No location of the chunk counts for the snapshot's host any more. */
  void missing(ChunkRef chunk);

  /** Records the losses reported so far: when this returns the catalog no longer counts them. */
  void settle() throws InterruptedException;
}
