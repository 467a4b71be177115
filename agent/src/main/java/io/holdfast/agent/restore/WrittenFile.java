package io.holdfast.agent.restore;

import io.holdfast.agent.tree.FileSink;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A file being written. */
final class WrittenFile implements TargetFile {
  private final FileSink sink;

  WrittenFile(FileSink sink) {
    this.sink = sink;
  }

  @Override
  public void write(long position, byte[] bytes, int offset, int length) {
    MemorySegment staging = Staging.get();
    for (int done = 0; done < length && !sink.hasFailed(); done += Staging.BYTES) {
      int count = Math.min(Staging.BYTES, length - done);
      MemorySegment.copy(bytes, offset + done, staging, ValueLayout.JAVA_BYTE, 0, count);
      sink.write(position + done, staging.asSlice(0, count));
    }
  }

  @Override
  public boolean finish() {
    return sink.finish();
  }

  @Override
  public void abandon() {
    sink.abandon();
  }
}
