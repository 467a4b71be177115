package io.holdfast.agent.restore;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

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
    TargetFile open(Node node);

    /** All is written; throws why it can't be finished. */
    void finish(TargetFile target);

    /** It is there under its name; {@code links} are its other names so far. */
    void finished(FileRestore file, List<Node> links);

    /** It isn't, and neither are {@code links}. */
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
    OPEN,
    FINISHED,
    FAILED
  }

  private final Node node;
  private final long sizeBytes;
  private final Duty duty;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final List<Node> links = new ArrayList<>();
  private TargetFile target;
  private State state = State.OPEN;
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

  Node node() {
    return node;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  void hold() {
    holders.incrementAndGet();
  }

  void write(long position, byte[] bytes, int offset, int length) {
    if (failure != null) {
      return;
    }
    try {
      target().write(position, bytes, offset, length);
    } catch (RuntimeException e) {
      fail(asHoldfast(e));
    }
  }

  private synchronized TargetFile target() {
    if (target == null) {
      target = duty.open(node);
    }
    return target;
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
    if (failure == null) {
      finish();
    }
    if (failure == null) {
      duty.finished(this, end(State.FINISHED));
    } else {
      abandon();
      duty.failed(this, failure, end(State.FAILED));
    }
  }

  private void finish() {
    try {
      duty.finish(target());
    } catch (RuntimeException e) {
      fail(asHoldfast(e));
    }
  }

  /** A worker that died of one file would leave all others waiting. */
  private HoldfastException asHoldfast(RuntimeException e) {
    return e instanceof HoldfastException known
        ? known
        : new HoldfastException(ErrorCode.INTERNAL, "writing '" + path() + "' failed: " + e, e);
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
      case OPEN -> {
        links.add(other);
        yield Linking.LATER;
      }
      case FINISHED -> Linking.NOW;
      case FAILED -> Linking.FAILED;
    };
  }
}
