package io.holdfast.agent.walk;

import java.util.ArrayDeque;

/**
 * A piece of work that runs ahead of the consumer, and leads to more: a listing to its batches, a
 * batch to the listings of its subdirectories. All fields are guarded by {@link ScanAhead}'s lock;
 * {@link #run} is called outside it, by one thread.
 */
abstract sealed class Scan permits Listing, Batch {
  /** Neighbours in the order of paths, among scans that run or can lead to more. */
  Scan previous;

  Scan next;

  boolean done;

  /** Why {@link #run} broke; rethrown to the consumer. */
  Throwable failure;

  /** Scans this one led to that the consumer hasn't taken, in order. */
  final ArrayDeque<Scan> children = new ArrayDeque<>();

  /** Reads from the kernel. Errors of the source become gaps; anything thrown ends the walk. */
  abstract void run() throws Exception;

  /** Whether {@link #spawn} would lead to another scan. */
  abstract boolean hasNext();

  /** The next scan in path order. */
  abstract Scan spawn();

  /** Entries held from the end of {@link #run} until the consumer is through with it. */
  abstract int bufferedEntries();

  abstract long bufferedBytes();
}
