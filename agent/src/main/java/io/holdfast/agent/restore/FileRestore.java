package io.holdfast.agent.restore;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One file on its way. Opened at its first write, so that only files of which something is being
 * written are open. Any thread.
 *
 * <ul>
 *   <li>F1 It is finished once, when its last holder lets go, if nothing failed; else abandoned.
 *   <li>F2 Once something failed nothing more is written.
 *   <li>F3 Other names of it are made only after it is finished, or fail with it.
 * </ul>
 */
final class FileRestore {
  /** What is done with files: they are restored, or read back. */
  interface Duty {
    /** Empty if it can't be or needn't be; who answers so has reported it. */
    Optional<? extends TargetFile> open(Node node);

    /** It is there under its name; {@code links} are its other names so far. */
    void finished(FileRestore file, List<Node> links);

    /** It isn't, and why is reported already. */
    void refused(FileRestore file, List<Node> links);

    /** It isn't. */
    void failed(FileRestore file, HoldfastException cause, List<Node> links);
  }

  /** What became of a further name. */
  enum Linking {
    /** Made when the file is finished. */
    LATER,
    /** The file is there: make it now. */
    NOW,
    /** There will be no file. */
    FAILED
  }

  private enum State {
    UNOPENED,
    OPEN,
    REFUSED,
    FINISHED,
    FAILED
  }

  private final Node node;
  private final long sizeBytes;
  private final Duty duty;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final AtomicLong writtenBytes = new AtomicLong();
  private final List<Node> links = new ArrayList<>();
  private TargetFile target;
  private State state = State.UNOPENED;
  private volatile HoldfastException failure;

  /** Made with one holder. */
  FileRestore(Node node, Duty duty) {
    this.sizeBytes = node.form() instanceof Form.RegularFile file ? file.sizeBytes() : 0;
    // What it is made of is in the window; kept here, it would be held as long as the file is.
    this.node = node.withForm(new Form.RegularFile(sizeBytes, Segment.EMPTY));
    this.duty = duty;
  }

  EntryPath path() {
    return node.path();
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** What of it was not written, or not yet: holes, and all of one that is left as it was. */
  long unwrittenBytes() {
    return Math.max(0, sizeBytes - writtenBytes.get());
  }

  void hold() {
    holders.incrementAndGet();
  }

  void write(long position, byte[] bytes, int offset, int length) {
    if (failure != null) {
      return;
    }
    try {
      Optional<TargetFile> opened = open();
      if (opened.isPresent()) {
        opened.get().write(position, bytes, offset, length);
        writtenBytes.addAndGet(length);
      }
    } catch (RuntimeException e) {
      fail(asHoldfast(e));
    }
  }

  private synchronized Optional<TargetFile> open() {
    if (state == State.UNOPENED) {
      target = duty.open(node).orElse(null);
      state = target == null ? State.REFUSED : State.OPEN;
    }
    return Optional.ofNullable(target);
  }

  /** A worker that died of one file would leave all others waiting. */
  private HoldfastException asHoldfast(RuntimeException e) {
    return e instanceof HoldfastException known
        ? known
        : new HoldfastException(ErrorCode.INTERNAL, "writing '" + path() + "' failed: " + e, e);
  }

  synchronized void fail(HoldfastException cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  /** Lets go; the last one finishes or abandons. */
  void release() {
    if (holders.decrementAndGet() == 0) {
      complete();
    }
  }

  private void complete() {
    boolean finished = failure == null && finish();
    if (finished) {
      duty.finished(this, end(State.FINISHED));
    } else if (failure == null) {
      duty.refused(this, end(State.FAILED));
    } else {
      abandon();
      duty.failed(this, failure, end(State.FAILED));
    }
  }

  private boolean finish() {
    try {
      return open().filter(TargetFile::finish).isPresent();
    } catch (RuntimeException e) {
      fail(asHoldfast(e));
      return false;
    }
  }

  private synchronized void abandon() {
    if (target != null) {
      target.abandon();
    }
  }

  private synchronized List<Node> end(State how) {
    state = how;
    List<Node> waiting = List.copyOf(links);
    links.clear();
    return waiting;
  }

  /** Asks for another name; the file's duty makes it if the answer is LATER. */
  synchronized Linking link(Node other) {
    return switch (state) {
      case UNOPENED, OPEN, REFUSED -> {
        links.add(other);
        yield Linking.LATER;
      }
      case FINISHED -> Linking.NOW;
      case FAILED -> Linking.FAILED;
    };
  }
}
