package io.holdfast.agent.backup;

import com.google.protobuf.ByteString;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.SealedChunk;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A piece of plaintext on its way to the coordinator. The pipeline's lock guards everything that
 * changes.
 *
 * <pre>
 * from      to        because
 * NEW       KEYED     a worker computed K and id
 * KEYED     ASKED     its id went out in a query
 * ASKED     WANTED    the coordinator lacks it
 * ASKED     DONE      the coordinator has it, or an equal chunk of this run is on its way
 * WANTED    SEALED    a worker sealed it
 * SEALED    DONE      it was written to the stream
 * </pre>
 */
final class PendingChunk {
  enum State {
    NEW,
    KEYED,
    ASKED,
    WANTED,
    SEALED,
    DONE
  }

  final long number;
  final ChunkKind kind;
  final int length;

  /** Completes with the kind and K as soon as these are known; long before the upload. */
  final CompletableFuture<Reference> key;

  /** Pages only: what the page refers to, in the order of its table; empty for other kinds. */
  final List<Reference> references;

  /** Pages only: no upload before every chunk of a lower number than this one is done. */
  final long after;

  State state = State.NEW;
  ChunkRef id;
  Bytes32 k;
  SealedChunk sealed;

  /** Concatenated `own` of each reference, of a page. */
  ByteString owns;

  private final byte[] bytes;
  private final int offset;
  private Buffers.Buffer buffer;

  /** A chunk whose plaintext is a part of {@code buffer}, which is held until it is sealed. */
  PendingChunk(
      long number,
      ChunkKind kind,
      Buffers.Buffer buffer,
      int offset,
      int length,
      CompletableFuture<Reference> key) {
    this.number = number;
    this.kind = kind;
    this.bytes = buffer.bytes();
    this.offset = offset;
    this.length = length;
    this.references = List.of();
    this.after = 0;
    this.key = key;
    this.buffer = buffer;
    buffer.retain();
  }

  /** A page, whose plaintext is its own array. */
  PendingChunk(byte[] page, List<Reference> references, long after) {
    this.number = 0;
    this.kind = ChunkKind.PAGE;
    this.bytes = page;
    this.offset = 0;
    this.length = page.length;
    this.references = references;
    this.after = after;
    this.key = new CompletableFuture<>();
  }

  byte[] bytes() {
    return bytes;
  }

  int offset() {
    return offset;
  }

  boolean isPage() {
    return kind == ChunkKind.PAGE;
  }

  /** The plaintext isn't needed any more. */
  void releasePlaintext() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }
}
