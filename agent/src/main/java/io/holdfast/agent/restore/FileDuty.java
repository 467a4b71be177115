package io.holdfast.agent.restore;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.List;
import java.util.Optional;

/** What restoring files comes to: counts, findings, further names. Any thread. */
final class FileDuty {
  private final TargetTree target;
  private final RestorePlan plan;
  private final RestoreCounters counters;
  private final Findings findings;
  private final Samples samples;
  private volatile HoldfastException hopeless;

  FileDuty(
      TargetTree target,
      RestorePlan plan,
      RestoreCounters counters,
      Findings findings,
      Samples samples) {
    this.target = target;
    this.plan = plan;
    this.counters = counters;
    this.findings = findings;
    this.samples = samples;
  }

  FileRestore.Duty duty(boolean replace) {
    return new Restore(replace);
  }

  /** A full disk fails every file that follows. */
  void noteHopeless(HoldfastException cause) {
    if (cause.code() == ErrorCode.DISK_FULL) {
      hopeless = cause;
    }
  }

  void throwIfHopeless() {
    HoldfastException cause = hopeless;
    if (cause != null) {
      throw new HoldfastException(
          cause.code(),
          cause.getMessage() + "; make room and restore again: what is complete stays",
          cause);
    }
  }

  /** Gives what was restored as {@code first} the name of {@code other}, unless that is there. */
  void link(EntryPath first, Node other) {
    try {
      boolean linked = linkUnlessThere(first, other);
      if (other.form() instanceof Form.RegularFile) {
        countLinked(linked);
      }
    } catch (HoldfastException e) {
      noteHopeless(e);
      findings.failed(other.path(), e);
    }
  }

  private void countLinked(boolean linked) {
    if (linked) {
      counters.fileWritten();
    } else {
      counters.fileSkipped();
    }
  }

  private boolean linkUnlessThere(EntryPath first, Node other) {
    Optional<? extends TargetTree.Existing> there = target.find(other.path());
    boolean stays =
        there.isPresent()
            && switch (plan.conflict()) {
              case SKIP -> true;
              case OVERWRITE_IF_DIFFERENT -> isName(there.get(), first);
              case ALWAYS -> false;
            };
    if (!stays && !plan.dryRun()) {
      target.link(first, other.path(), there.isPresent());
    }
    return !stays;
  }

  private boolean isName(TargetTree.Existing there, EntryPath first) {
    return target.find(first).filter(there::isSameFile).isPresent();
  }

  private final class Restore implements FileRestore.Duty {
    private final boolean replace;

    Restore(boolean replace) {
      this.replace = replace;
    }

    @Override
    public TargetFile open(Node node) {
      TargetFile file = target.create(node, replace);
      return new TargetFile() {
        @Override
        public void write(long position, byte[] bytes, int offset, int length) {
          file.write(position, bytes, offset, length);
          counters.written(length);
        }

        @Override
        public void finish(Differences differences) {
          file.finish(differences);
        }

        @Override
        public void abandon() {
          file.abandon();
        }
      };
    }

    @Override
    public void finish(TargetFile file) {
      file.finish(findings::differs);
    }

    @Override
    public void finished(FileRestore file, List<Node> links) {
      counters.fileWritten();
      samples.written(file.path());
      links.forEach(other -> link(file.path(), other));
    }

    @Override
    public void failed(FileRestore file, HoldfastException cause, List<Node> links) {
      noteHopeless(cause);
      findings.failed(file.path(), cause);
      links.forEach(other ->
          findings.failed(
              other.path(),
              cause.code(),
              "'" + file.path() + "', whose other name this is, failed: " + cause.getMessage()));
    }
  }
}
