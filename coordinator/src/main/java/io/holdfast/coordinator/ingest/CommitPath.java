package io.holdfast.coordinator.ingest;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What keeps a commit and a loss apart: between a commit's check and its record no loss is
 * recorded. Commits share it, whoever records that something is gone holds it alone.
 */
public final class CommitPath {
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

  /** For a check and the commit that rests on it. */
  public Lock shared() {
    return lock.readLock();
  }

  /** For recording what is no longer there. */
  public Lock alone() {
    return lock.writeLock();
  }
}
