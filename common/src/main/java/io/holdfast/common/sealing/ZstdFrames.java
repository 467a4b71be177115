package io.holdfast.common.sealing;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/**
 * zstd by its native library, with contexts kept between calls. Works on pinned heap arrays: a
 * collection may have to wait for the call in progress, some milliseconds at the levels that agents
 * use, which is less than copying out and back would cost every chunk.
 */
final class ZstdFrames implements Frames {
  /** zstd's usual level, whose tables are made for inputs of some 256 KiB. */
  private static final int USUAL_LEVEL = 3;

  /**
   * From this length on, tables of twice that size find more: files of a database come out 3 %
   * smaller for 5 % more time, at 2 MiB a chunk. Below, they gain next to nothing.
   */
  private static final int LARGE = 1 << 20;

  private static final int LARGE_HASH_LOG = 18;
  private static final int LARGE_CHAIN_LOG = 17;
  private static final int OF_THE_LEVEL = 0;

  private final int level;
  private final ZstdCompressCtx compressor;
  private final ZstdDecompressCtx decompressor;

  ZstdFrames(int level) {
    this.level = level;
    compressor = new ZstdCompressCtx();
    decompressor = new ZstdDecompressCtx();
    // The tag already covers the bytes and K the content: a checksum would be the third.
    compressor.setLevel(level).setContentSize(true).setChecksum(false).setDictID(false);
  }

  @Override
  public int bound(int length) {
    return Math.toIntExact(Zstd.compressBound(length));
  }

  @Override
  public int compress(byte[] plain, int offset, int length, byte[] out) {
    if (level == USUAL_LEVEL) {
      boolean large = length > LARGE;
      compressor.setHashLog(large ? LARGE_HASH_LOG : OF_THE_LEVEL);
      compressor.setChainLog(large ? LARGE_CHAIN_LOG : OF_THE_LEVEL);
    }
    return compressor.compressByteArray(out, 0, out.length, plain, offset, length);
  }

  @Override
  public boolean decompress(byte[] frame, int length, byte[] out, int outOffset, int plainLength) {
    try {
      return Zstd.getFrameContentSize(frame, 0, length) == plainLength
          && Zstd.findFrameCompressedSize(frame, 0, length) == length
          && decompressor.decompressByteArray(out, outOffset, plainLength, frame, 0, length)
              == plainLength;
    } catch (ZstdException e) {
      return false;
    }
  }

  @Override
  public void close() {
    decompressor.close();
    compressor.close();
  }
}
