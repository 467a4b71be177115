package io.holdfast.agent.restore;

import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.tree.Allocation;
import io.holdfast.agent.tree.ConflictMode;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.List;
import java.util.Optional;

/** What restoring files comes to: counts, findings, further names. Any thread. */
final class FileDuty {
  private final RestoreTarget target;
  private final ConflictMode conflict;
  private final RestoreCounters counters;
  private final Findings findings;
  private final Samples samples;
  private volatile HoldfastException hopeless;

  FileDuty(
      RestoreTarget target,
      ConflictMode conflict,
      RestoreCounters counters,
      Findings findings,
      Samples samples) {
    this.target = target;
    this.conflict = conflict;
    this.counters = counters;
    this.findings = findings;
    this.samples = samples;
  }

  FileRestore.Duty duty(Allocation allocation) {
    return new Restore(allocation);
  }

  /** Throws what fails every file that follows: a full disk, a target that can't be written. */
  void throwIfHopeless() {
    HoldfastException cause = hopeless;
    if (cause != null) {
      throw new HoldfastException(cause.code(), cause.getMessage(), cause);
    }
  }

  private void noteIfHopeless(HoldfastException cause) {
    if (cause.code() == ErrorCode.DISK_FULL || cause.code() == ErrorCode.TARGET_UNWRITABLE) {
      hopeless = cause;
    }
  }

  /** Gives what stands at {@code first} the name of {@code other}, unless something there stays. */
  void link(EntryPath first, Node other) {
    Optional<FileStat> there = target.find(other.path());
    boolean stays = there.isPresent() && stays(there.get(), first);
    target.link(first, other.path());
    if (other.form() instanceof Form.RegularFile) {
      countLinked(stays);
    }
  }

  private boolean stays(FileStat there, EntryPath first) {
    return switch (conflict) {
      case SKIP_EXISTING -> true;
      case OVERWRITE_IF_DIFFERENT, ALWAYS ->
          target.find(first).filter(there::isSameFileAs).isPresent();
    };
  }

  private void countLinked(boolean stays) {
    if (stays) {
      counters.fileSkipped();
    } else {
      counters.fileWritten();
    }
  }

  private final class Restore implements FileRestore.Duty {
    private final Allocation allocation;

    Restore(Allocation allocation) {
      this.allocation = allocation;
    }

    @Override
    public Optional<? extends TargetFile> open(Node node) {
      long size = ((Form.RegularFile) node.form()).sizeBytes();
      return target.file(node, size, allocation).map(Counted::new);
    }

    @Override
    public void finished(FileRestore file, List<Node> links) {
      counters.fileWritten();
      counters.passedOver(file.unwrittenBytes());
      samples.written(file.path());
      links.forEach(other -> linkOrFail(file.path(), other));
    }

    private void linkOrFail(EntryPath first, Node other) {
      try {
        link(first, other);
      } catch (HoldfastException e) {
        noteIfHopeless(e);
        findings.failed(other.path(), e);
      }
    }

    @Override
    public void refused(FileRestore file, List<Node> links) {
      counters.passedOver(file.unwrittenBytes());
      failLinks(file, links, "could not be made");
    }

    @Override
    public void failed(FileRestore file, HoldfastException cause, List<Node> links) {
      noteIfHopeless(cause);
      counters.passedOver(file.unwrittenBytes());
      findings.failed(file.path(), cause);
      failLinks(file, links, "failed: " + cause.getMessage());
    }

    private void failLinks(FileRestore file, List<Node> links, String how) {
      for (Node other : links) {
        findings.failed(
            other.path(),
            ErrorCode.SOURCE_UNREADABLE,
            "'" + file.path() + "', whose other name this is, " + how);
      }
    }
  }

  /** Counts what is written. */
  private final class Counted implements TargetFile {
    private final WrittenFile file;

    Counted(WrittenFile file) {
      this.file = file;
    }

    @Override
    public void write(long position, byte[] bytes, int offset, int length) {
      file.write(position, bytes, offset, length);
      counters.written(length);
    }

    @Override
    public boolean finish() {
      return file.finish();
    }

    @Override
    public void abandon() {
      file.abandon();
    }
  }
}
