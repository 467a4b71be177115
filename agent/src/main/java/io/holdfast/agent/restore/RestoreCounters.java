package io.holdfast.agent.restore;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a running restore has done so far. Any thread; readers see recent values, not one moment.
 */
public final class RestoreCounters {
  private final LongAdder entries = new LongAdder();
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder filesWritten = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private final LongAdder bytesPassedOver = new LongAdder();
  private final LongAdder filesSkipped = new LongAdder();
  private final LongAdder filesDiffering = new LongAdder();
  private final LongAdder bytesReceived = new LongAdder();
  private final LongAdder filesSampled = new LongAdder();
  private volatile boolean verifying;

  void entry() {
    entries.increment();
  }

  void file(long sizeBytes) {
    files.increment();
    bytes.add(sizeBytes);
  }

  void fileWritten() {
    filesWritten.increment();
  }

  void written(long count) {
    bytesWritten.add(count);
  }

  void fileSkipped() {
    filesSkipped.increment();
  }

  /** One left as it was, which counts as skipped, has another size or time than the snapshot's. */
  void fileDiffers() {
    filesDiffering.increment();
  }

  /** Bytes of files that are settled without having been written: holes, what stays, what fails. */
  void passedOver(long count) {
    bytesPassedOver.add(count);
  }

  void received(long sealedBytes) {
    bytesReceived.add(sealedBytes);
  }

  void fileSampled() {
    filesSampled.increment();
  }

  void verifies() {
    verifying = true;
  }

  /** Wanted entries passed, of any type. */
  public long entries() {
    return entries.sum();
  }

  /** Wanted files passed. */
  public long files() {
    return files.sum();
  }

  /** Bytes of the files passed. */
  public long bytes() {
    return bytes.sum();
  }

  /** Files made, each name of a linked one; in a dry run those that would be. */
  public long filesWritten() {
    return filesWritten.sum();
  }

  /** Bytes written, without holes and links; in a dry run the sizes of what would be. */
  public long bytesWritten() {
    return bytesWritten.sum();
  }

  /** Bytes of the files passed that need nothing more, written or not: how far it is. */
  public long bytesSettled() {
    return bytesWritten.sum() + bytesPassedOver.sum();
  }

  /** Files left as they were. */
  public long filesSkipped() {
    return filesSkipped.sum();
  }

  /** Of those left as they were: whose size or time isn't the snapshot's. */
  public long filesDiffering() {
    return filesDiffering.sum();
  }

  /** Sealed bytes of the chunks that came. */
  public long bytesReceived() {
    return bytesReceived.sum();
  }

  /** Files read back and found equal. */
  public long filesSampled() {
    return filesSampled.sum();
  }

  /** Whether everything is written and the sample is being read back. */
  public boolean isVerifying() {
    return verifying;
  }
}
