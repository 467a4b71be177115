package io.holdfast.coordinator.job;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.JobId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.Time;
import io.holdfast.common.seam.WritableFile;
import io.holdfast.proto.wire.v1.JobLogLine;
import io.holdfast.proto.wire.v1.LogLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs of jobs in files, as many as there is room for, the oldest deleted first. They belong to
 * this coordinator and not to the repository: whoever leads next begins anew, and what isn't on the
 * disk when the machine stops is lost. Any thread.
 *
 * <p>A file is {@code TIME-JOB.log}: when it was begun, in milliseconds since 1970 as 16
 * hexadecimal digits, and the job; a job that outlives the coordinator's process has several. It
 * holds {@link JobLogLine}s, each behind its length as a varint. One that is cut short ends there.
 */
public final class JobLogs implements JobLogSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobLogs.class);
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{32})[.]log");
  private static final int TEXT_MAX = 4_096;

  /**
   * How much is kept.
   *
   * @param fileBytes of one file; then it says so and takes no more
   * @param bytes of all files
   * @param files at most
   */
  public record Limits(long fileBytes, long bytes, int files) {
    public static final Limits STANDARD = new Limits(4L << 20, 256L << 20, 50_000);
  }

  private static final class Open {
    final String name;
    final WritableFile file;
    boolean full;

    Open(String name, WritableFile file) {
      this.name = name;
      this.file = file;
    }
  }

  private final Path directory;
  private final FileSystem files;
  private final Time time;
  private final Limits limits;
  private final ReentrantLock lock = new ReentrantLock();

  /** Sizes of all files, the oldest first. */
  private final TreeMap<String, Long> sizes = new TreeMap<>();

  private final Map<JobId, Open> open = new HashMap<>();
  private long total;

  private JobLogs(Path directory, FileSystem files, Time time, Limits limits) {
    this.directory = directory;
    this.files = files;
    this.time = time;
    this.limits = limits;
  }

  /** Takes up what lies in {@code directory}, which is made if it isn't there; IO. */
  public static JobLogs open(Path directory, FileSystem files, Time time, Limits limits) {
    JobLogs logs = new JobLogs(directory, files, time, limits);
    try {
      if (!files.exists(directory)) {
        files.createDirectory(directory);
      }
      files.list(directory, (name, isDirectory) -> logs.found(name));
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the logs of jobs in " + directory + " can't be opened: " + e, e);
    }
    return logs;
  }

  private boolean found(String name) throws IOException {
    if (NAME.matcher(name).matches()) {
      long size = files.size(directory.resolve(name));
      sizes.put(name, size);
      total += size;
    }
    return true;
  }

  @Override
  public void append(JobId job, List<JobLogLine> lines) {
    lock.lock();
    try {
      for (JobLogLine line : lines) {
        append(open(job), line);
      }
      makeRoom();
    } catch (IOException e) {
      LOG.warn("the log of job {} is not kept any further: {}", job, e.toString());
      giveUp(job);
    } finally {
      lock.unlock();
    }
  }

  private Open open(JobId job) throws IOException {
    Open known = open.get(job);
    if (known != null) {
      return known;
    }
    String name = "%016x-%s.log".formatted(time.now().toEpochMilli(), job);
    Open made = new Open(name, files.createFile(directory.resolve(name)));
    open.put(job, made);
    sizes.put(name, 0L);
    return made;
  }

  private void append(Open to, JobLogLine line) throws IOException {
    if (to.full) {
      return;
    }
    if (to.file.size() >= limits.fileBytes()) {
      to.full = true;
      write(
          to,
          line.toBuilder()
              .setLevel(LogLevel.LOG_LEVEL_WARNING)
              .setText("the log is as long as it may be; what follows is left out")
              .build());
    } else {
      write(to, bounded(line));
    }
  }

  private static JobLogLine bounded(JobLogLine line) {
    return line.getText().length() <= TEXT_MAX
        ? line
        : line.toBuilder().setText(line.getText().substring(0, TEXT_MAX)).build();
  }

  private void write(Open to, JobLogLine line) throws IOException {
    int length = line.getSerializedSize();
    ByteBuffer bytes =
        ByteBuffer.allocate(CodedOutputStream.computeUInt32SizeNoTag(length) + length);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeUInt32NoTag(length);
    line.writeTo(out);
    out.flush();
    bytes.flip();
    int written = bytes.remaining();
    to.file.append(bytes);
    sizes.merge(to.name, (long) written, Long::sum);
    total += written;
  }

  private void makeRoom() throws IOException {
    while (total > limits.bytes() || sizes.size() > limits.files()) {
      String oldest = sizes.firstKey();
      if (open.values().stream().anyMatch(each -> each.name.equals(oldest))) {
        return; // all that is older is gone, and this one is bounded
      }
      files.delete(directory.resolve(oldest));
      total -= sizes.remove(oldest);
    }
  }

  private void giveUp(JobId job) {
    Open failed = open.get(job);
    if (failed != null) {
      failed.full = true;
    }
  }

  @Override
  public void ended(JobId job) {
    lock.lock();
    try {
      Open ended = open.remove(job);
      if (ended != null) {
        ended.file.close();
      }
    } catch (IOException e) {
      LOG.warn("the log of job {} was not closed: {}", job, e.toString());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands the lines that are kept of {@code job} to {@code out}, in order, but for the first {@code
   * skip}; none if nothing is kept. IO.
   */
  public void read(JobId job, long skip, Consumer<JobLogLine> out) {
    long left = skip;
    for (String name : names(job)) {
      for (JobLogLine line : lines(directory.resolve(name))) {
        if (left > 0) {
          left--;
        } else {
          out.accept(line);
        }
      }
    }
  }

  private List<String> names(JobId job) {
    lock.lock();
    try {
      return sizes.keySet().stream().filter(name -> isOf(job, name)).toList();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isOf(JobId job, String name) {
    Matcher parts = NAME.matcher(name);
    return parts.matches() && parts.group(2).equals(job.toString());
  }

  /** As many as are whole. */
  private List<JobLogLine> lines(Path path) {
    List<JobLogLine> lines = new ArrayList<>();
    try (ReadableFile file = files.openFile(path)) {
      CodedInputStream in = CodedInputStream.newInstance(content(file));
      while (!in.isAtEnd()) {
        int limit = in.pushLimit(in.readUInt32());
        lines.add(JobLogLine.parseFrom(in));
        in.popLimit(limit);
      }
    } catch (InvalidProtocolBufferException e) {
      LOG.debug("the log {} is cut short", path, e);
    } catch (NoSuchFileException e) {
      LOG.debug("the log {} has just been deleted", path, e);
    } catch (IOException e) {
      throw new HoldfastException(ErrorCode.IO, "the log " + path + " can't be read: " + e, e);
    }
    return lines;
  }

  private static ByteBuffer content(ReadableFile file) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
    while (content.hasRemaining() && file.read(content.position(), content) >= 0) {
      // until the end
    }
    return content.flip();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      List.copyOf(open.keySet()).forEach(this::ended);
    } finally {
      lock.unlock();
    }
  }
}
