package io.holdfast.common.sealing;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import java.util.Arrays;

/**
 * Decides whether a body is stored compressed, and compresses it. Content that doesn't compress is
 * common (media, archives, encrypted files) and costs most where it gains nothing, so four samples
 * of 4 KiB, the first and the middle among them, are tried together at first. Only file content is
 * sampled: a bundle is a mixture, and maps and pages are few.
 *
 * <p>One owner. Holds scratch for the largest body seen and, when checking, for its plaintext.
 */
final class BodyCompressor implements AutoCloseable {
  /** Answer of {@link #compress}: store the plaintext as it is. */
  static final int RAW = -1;

  private static final int SAMPLES = 4;
  private static final int SAMPLE_LENGTH = 4 << 10;
  private static final int SMALLEST_SAMPLED = 64 << 10;
  private static final int SMALLEST_COMPRESSED = 64;

  private final Frames frames;
  private final Frames probe;
  private final SealOptions options;
  private final Scratch body = new Scratch();
  private final Scratch checked = new Scratch();
  private final byte[] sample = new byte[SAMPLES * SAMPLE_LENGTH];

  BodyCompressor(SealOptions options) {
    this(options, new ZstdFrames(options.compressionLevel()), new ZstdFrames(1));
  }

  BodyCompressor(SealOptions options, Frames frames, Frames probe) {
    this.options = options;
    this.frames = frames;
    this.probe = probe;
  }

  /** Length of the frame now in {@link #body}, or {@link #RAW}. */
  int compress(ChunkKind kind, byte[] plain, int offset, int length) {
    if (options.compressionLevel() == 0 || length < SMALLEST_COMPRESSED) {
      return RAW;
    }
    byte[] out = body.atLeast(frames.bound(length));
    if (kind == ChunkKind.DATA
        && length >= SMALLEST_SAMPLED
        && !samplesCompress(plain, offset, length, out)) {
      return RAW;
    }
    int framed = frames.compress(plain, offset, length, out);
    if (!pays(framed, length)) {
      return RAW;
    }
    if (options.check() != SealCheck.NONE) {
      requireSame(plain, offset, length, framed);
    }
    return framed;
  }

  /** Where {@link #compress} left the frame; valid until its next call. */
  byte[] body() {
    return body.atLeast(0);
  }

  private boolean samplesCompress(byte[] plain, int offset, int length, byte[] out) {
    int stride = length / SAMPLES;
    for (int i = 0; i < SAMPLES; i++) {
      System.arraycopy(plain, offset + i * stride, sample, i * SAMPLE_LENGTH, SAMPLE_LENGTH);
    }
    return pays(probe.compress(sample, 0, sample.length, out), sample.length);
  }

  /** Compression pays from a thirty-second on: below, reading it back costs more than it saves. */
  private static boolean pays(int framed, int length) {
    return framed < length - length / 32;
  }

  private void requireSame(byte[] plain, int offset, int length, int framed) {
    byte[] back = checked.atLeast(length);
    boolean same =
        frames.decompress(body(), framed, back, 0, length)
            && Arrays.equals(plain, offset, offset + length, back, 0, length);
    if (!same) {
      throw new HoldfastException(
          ErrorCode.INTERNAL,
          "a chunk of "
              + length
              + " bytes was compressed and came back as other bytes; nothing was stored of it."
              + " This host's memory, processor or zstd library is faulty: test its memory first");
    }
  }

  @Override
  public void close() {
    probe.close();
    frames.close();
  }
}
