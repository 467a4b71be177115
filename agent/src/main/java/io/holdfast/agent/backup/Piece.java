package io.holdfast.agent.backup;

import io.holdfast.common.entry.Reference;
import java.util.concurrent.CompletableFuture;

/** Where a piece lies: in a bundle whose key is known once the bundle is full. */
record Piece(CompletableFuture<Reference> bundle, int offset, int length) {}
