package io.holdfast.common.key;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The master key in use and its number; another may take its place while a service runs. One that
 * was replaced stays open until this is closed, since somebody may be using it. Any thread.
 */
public final class MasterInUse implements AutoCloseable {
  /** A master key and which one it is. */
  public record Numbered(MasterKey key, int number) {
    /** Where the recovery key of {@code host} lies under this key. */
    public KeyObject hostRecovery(RepositoryId repository, HostId host) {
      return KeyObject.hostRecovery(repository, number, host);
    }
  }

  private final ReentrantReadWriteLock replacing = new ReentrantReadWriteLock(true);
  private final List<MasterKey> all = new ArrayList<>();
  private volatile Numbered current;
  private volatile Optional<HoldfastException> frozen = Optional.empty();

  /** Takes {@code key} over. */
  public MasterInUse(MasterKey key, int number) {
    current = new Numbered(key, number);
    all.add(key);
  }

  public Numbered get() {
    return current;
  }

  /** As {@link #get}, for sealing something new; throws what {@link #freeze} was given. */
  public Numbered toSeal() {
    frozen.ifPresent(why -> {
      throw new HoldfastException(why.code(), why.getMessage(), why);
    });
    return current;
  }

  /**
   * Nothing new is sealed under it from now on, and nothing replaced or deleted: {@code why} nobody
   * here knows whether another one took its place. For as long as this process lives.
   */
  public void freeze(HoldfastException why) {
    frozen = Optional.of(why);
  }

  /** Why nothing new is sealed, if that is so. */
  public Optional<HoldfastException> frozen() {
    return frozen;
  }

  /** To be held by whoever seals something new under {@link #toSeal}, until it is stored. */
  public Lock use() {
    return replacing.readLock();
  }

  /** To be held by whoever replaces it, from the first look at what is sealed to the end. */
  public Lock replacement() {
    return replacing.writeLock();
  }

  /** Takes {@code next} over, which everything is sealed under now. */
  public void replace(Numbered next) {
    synchronized (all) {
      all.add(next.key());
    }
    current = next;
  }

  @Override
  public void close() {
    synchronized (all) {
      all.forEach(MasterKey::close);
    }
  }

  @Override
  public String toString() {
    return "MasterInUse[" + current.number() + "]";
  }
}
