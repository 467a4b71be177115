package io.holdfast.coordinator.vault;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Asks again, with growing pauses, where a read failed as VAULT_UNAVAILABLE. Reads only: whether a
 * failed create, delete or publish may be repeated is for the one who knows the rules of that
 * object. A listing goes on after the last name shown, so no name is shown twice.
 */
public final class RetryingVault implements Vault {
  private final Vault target;
  private final Time time;
  private final int attempts;
  private final Duration firstPause;

  /**
   * @param attempts how often a read is tried in all, at least once
   * @param firstPause the wait before the second attempt; each later one is twice as long
   */
  public RetryingVault(Vault target, Time time, int attempts, Duration firstPause) {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
    }
    this.target = target;
    this.time = time;
    this.attempts = attempts;
    this.firstPause = firstPause;
  }

  @Override
  public VaultIdentity identity() {
    return target.identity();
  }

  @Override
  public CreateOutcome create(ObjectName name, ByteBuffer... content) {
    return target.create(name, content);
  }

  @Override
  public ObjectWriter newObject(ObjectName name) {
    return target.newObject(name);
  }

  @Override
  public Optional<byte[]> find(ObjectName name, int maxBytes) {
    return retry(() -> target.find(name, maxBytes));
  }

  @Override
  public ObjectReader open(ObjectName name) {
    return new RetryingReader(retry(() -> target.open(name)));
  }

  @Override
  public OptionalLong size(ObjectName name) {
    return retry(() -> target.size(name));
  }

  @Override
  public void list(ObjectPrefix prefix, Optional<ObjectName> startAfter, ObjectVisitor visitor) {
    Progress progress = new Progress(startAfter, visitor);
    retry(() -> {
      target.list(prefix, progress.last, progress);
      return progress;
    });
  }

  @Override
  public void delete(ObjectName name) {
    target.delete(name);
  }

  @Override
  public long usableBytes() {
    return retry(target::usableBytes);
  }

  @Override
  public void close() {
    target.close();
  }

  private <T> T retry(Supplier<T> read) {
    Duration pause = firstPause;
    for (int attempt = 1; attempt < attempts; attempt++) {
      try {
        return read.get();
      } catch (HoldfastException e) {
        if (e.code() != ErrorCode.VAULT_UNAVAILABLE) {
          throw e;
        }
        pause(pause, e);
        pause = pause.multipliedBy(2);
      }
    }
    return read.get();
  }

  private void pause(Duration pause, HoldfastException failure) {
    try {
      time.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  private static final class Progress implements ObjectVisitor {
    private final ObjectVisitor visitor;
    private Optional<ObjectName> last;

    Progress(Optional<ObjectName> last, ObjectVisitor visitor) {
      this.last = last;
      this.visitor = visitor;
    }

    @Override
    public boolean visit(ObjectName name) {
      last = Optional.of(name);
      return visitor.visit(name);
    }
  }

  private final class RetryingReader implements ObjectReader {
    private final ObjectReader reader;

    RetryingReader(ObjectReader reader) {
      this.reader = reader;
    }

    @Override
    public ObjectName name() {
      return reader.name();
    }

    @Override
    public long size() {
      return reader.size();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
      int start = into.position();
      retry(() -> {
        reader.read(offset, into.position(start));
        return into;
      });
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
