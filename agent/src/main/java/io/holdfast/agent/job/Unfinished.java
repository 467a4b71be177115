package io.holdfast.agent.job;

import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.SecretFile;
import io.holdfast.proto.stored.v1.UnfinishedJob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What jobs have to put right on this host, one file a job, durably:
 *
 * <pre>
 *      0  4  "HFUJ"
 *      4  2  version, 1
 *      6  2  zero
 *      8  4  length n
 *     12  n  serialized UnfinishedJob
 * 12 + n  4  CRC-32C of everything before
 * </pre>
 *
 * Any thread, one job by one.
 */
final class Unfinished {
  private static final Logger LOG = LoggerFactory.getLogger(Unfinished.class);
  private static final int MAGIC = 0x4846554a;
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 12;
  private static final int CHECKSUM_BYTES = 4;
  private static final String SUFFIX = ".job";

  private final Path directory;

  /** Files in {@code directory}, which exists. */
  Unfinished(Path directory) {
    this.directory = directory;
  }

  /** Durable when this returns. IO if it can't be. */
  void write(UnfinishedJob job) {
    byte[] content = job.toByteArray();
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + content.length + CHECKSUM_BYTES);
    out.putInt(MAGIC).putShort((short) VERSION).putShort((short) 0);
    out.putInt(content.length).put(content);
    out.putInt(crc(out.array()));
    SecretFile.write(file(job), out.array());
  }

  /** All is right again. */
  void forget(UnfinishedJob job) {
    try {
      Files.deleteIfExists(file(job));
    } catch (IOException e) {
      throw failed("removed", e);
    }
  }

  private Path file(UnfinishedJob job) {
    return directory.resolve(HexFormat.of().formatHex(job.getJob().toByteArray()) + SUFFIX);
  }

  /** Those that are left. A damaged one is told and kept: somebody has to look. */
  List<UnfinishedJob> all() {
    List<UnfinishedJob> jobs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        try {
          jobs.add(decode(Files.readAllBytes(file)));
        } catch (IOException | HoldfastException e) {
          LOG.error(
              "{} says what a backup left on this host, and can't be read: {}; look for"
                  + " .holdfast-snapshot-* and for hooks that should have run after it, then remove"
                  + " the file",
              file,
              e.getMessage());
        }
      }
    } catch (IOException e) {
      throw failed("listed", e);
    }
    return jobs;
  }

  private static UnfinishedJob decode(byte[] bytes) throws InvalidProtocolBufferException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES || in.getInt() != MAGIC) {
      throw malformed("it doesn't begin with HFUJ");
    }
    int version = Short.toUnsignedInt(in.getShort());
    if (version != VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          "it has version " + version + ", this version of Holdfast reads " + VERSION);
    }
    boolean whole =
        in.getShort() == 0
            && in.getInt() == bytes.length - HEADER_BYTES - CHECKSUM_BYTES
            && in.getInt(bytes.length - CHECKSUM_BYTES) == crc(bytes);
    if (!whole) {
      throw malformed("its checksum doesn't agree");
    }
    return UnfinishedJob.parseFrom(in.slice(HEADER_BYTES, bytes.length - 16));
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - CHECKSUM_BYTES);
    return (int) crc.getValue();
  }

  private static HoldfastException malformed(String why) {
    return new HoldfastException(ErrorCode.MALFORMED, why);
  }

  private HoldfastException failed(String what, IOException e) {
    return new HoldfastException(
        ErrorCode.IO,
        "what a backup has to put right can't be "
            + what
            + " in "
            + directory
            + ": "
            + e.getMessage()
            + "; make room there",
        e);
  }
}
