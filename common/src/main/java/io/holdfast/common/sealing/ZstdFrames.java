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
  private final ZstdCompressCtx compressor;
  private final ZstdDecompressCtx decompressor;

  ZstdFrames(int level) {
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
