package io.holdfast.deploy.faults;

import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.HeldLock;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.WritableFile;
import io.holdfast.common.testkit.ForwardingFileSystem;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file system whose user can be stopped before a chosen call, as by SIGSTOP: from then on every
 * call of every thread waits until it is let go. Any thread.
 */
final class GatedFiles {
  private final AtomicLong callsLeft = new AtomicLong(Long.MAX_VALUE);
  private volatile CountDownLatch reached = new CountDownLatch(1);
  private volatile CountDownLatch go = new CountDownLatch(1);

  /** {@code files} behind this gate. */
  FileSystem behind(FileSystem files) {
    return proxy(FileSystem.class, files);
  }

  /**
   * Locks that reach no other machine, as on some mounts: everybody gets them. What coordinators
   * believe of each other then is wrong, and only the journal is between them.
   */
  static FileSystem withLocalLocks(FileSystem files) {
    return new ForwardingFileSystem(files) {
      @Override
      public Optional<HeldLock> tryLock(Path file) throws IOException {
        return super.tryLock(file).or(() -> Optional.of(() -> {}));
      }
    };
  }

  /** Lets {@code calls} more calls pass. */
  void stopAfter(long calls) {
    reached = new CountDownLatch(1);
    go = new CountDownLatch(1);
    callsLeft.set(calls);
  }

  /** Completes when somebody waits at the gate. */
  CountDownLatch reached() {
    return reached;
  }

  /** Whether the gate was ever shut since {@link #stopAfter}. */
  boolean wasReached() {
    return reached.getCount() == 0;
  }

  void letGo() {
    callsLeft.set(Long.MAX_VALUE);
    go.countDown();
  }

  private void pass() throws InterruptedException {
    if (callsLeft.getAndDecrement() <= 0) {
      reached.countDown();
      go.await();
    }
  }

  private <T> T proxy(Class<T> type, T target) {
    InvocationHandler handler =
        (self, method, arguments) -> {
          if (method.getDeclaringClass() != Object.class) {
            pass();
          }
          return guarded(invoke(target, method, arguments));
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private Object guarded(Object result) {
    return switch (result) {
      case WritableFile file -> proxy(WritableFile.class, file);
      case ReadableFile file -> proxy(ReadableFile.class, file);
      case null, default -> result;
    };
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
