package io.holdfast.agent.restore;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.sealing.SealedHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Threads that open chunks and write them to their places. The bytes that wait for them are
 * bounded: who submits more waits, which slows the coordinator. Each worker has one array for
 * plaintext, as large as the largest chunk it met.
 */
final class ChunkWorkers implements AutoCloseable {
  private record Job(ChunkWants wants, ByteBuffer sealed, Outstanding outstanding) {}

  private final RestorePorts ports;
  private final Supplier<ChunkOpener> openers;
  private final Semaphore bytesInFlight;
  private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  private ChunkWorkers(RestorePorts ports, Supplier<ChunkOpener> openers) {
    this.ports = ports;
    this.openers = openers;
    this.bytesInFlight = new Semaphore(ports.limits().bytesInFlight());
  }

  /** Starts the workers; each makes an opener of its own. */
  static ChunkWorkers start(RestorePorts ports, Supplier<ChunkOpener> openers) {
    ChunkWorkers workers = new ChunkWorkers(ports, openers);
    for (int i = 0; i < ports.limits().workers(); i++) {
      Thread thread = ports.threads().newThread(workers::work);
      workers.threads.add(thread);
      thread.start();
    }
    return workers;
  }

  /** Takes over one chunk's work; waits while too much waits. */
  void submit(ChunkWants wants, ByteBuffer sealed, Outstanding outstanding)
      throws InterruptedException {
    bytesInFlight.acquire(permits(sealed));
    outstanding.add();
    jobs.add(new Job(wants, sealed, outstanding));
  }

  private int permits(ByteBuffer sealed) {
    return Math.min(sealed.remaining(), ports.limits().bytesInFlight());
  }

  private void work() {
    byte[] plaintext = new byte[0];
    try (ChunkOpener opener = openers.get()) {
      while (true) {
        Job job = jobs.take();
        try {
          plaintext = write(job, opener, plaintext);
        } finally {
          bytesInFlight.release(permits(job.sealed));
          job.outstanding.done();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Answers the array for the next chunk. */
  private static byte[] write(Job job, ChunkOpener opener, byte[] room) {
    byte[] plaintext = room;
    int length;
    ChunkRef chunk = opener.ref(job.wants.key());
    try {
      ByteBuffer bytes = job.sealed;
      byte[] sealed = bytes.array();
      int offset = bytes.arrayOffset() + bytes.position();
      int count = bytes.remaining();
      SealedHeader header = SealedHeader.parse(chunk, sealed, offset, count);
      if (header.plainLength() > plaintext.length) {
        plaintext = new byte[header.plainLength()];
      }
      length = opener.open(job.wants.key(), sealed, offset, count, plaintext, 0);
    } catch (HoldfastException e) {
      job.outstanding.didNotOpen(chunk, job.wants, e);
      return plaintext;
    } catch (RuntimeException e) {
      job.wants.fail(new HoldfastException(ErrorCode.INTERNAL, "opening a chunk failed: " + e, e));
      return plaintext;
    }
    job.wants.write(plaintext, length);
    return plaintext;
  }

  /** Ends the workers and waits for the chunk that each has in hand; what waits is given up. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread thread : threads) {
      interrupted |= joinCalmly(thread);
    }
    Job left = jobs.poll();
    while (left != null) {
      left.wants.fail(new HoldfastException(ErrorCode.CANCELLED, "the restore was ended"));
      left.outstanding.done();
      left = jobs.poll();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean joinCalmly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
