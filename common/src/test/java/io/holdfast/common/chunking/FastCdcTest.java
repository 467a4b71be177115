package io.holdfast.common.chunking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.golden.Content;
import io.holdfast.common.golden.Golden;
import io.holdfast.common.id.Bytes32;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FastCdcTest {
  private static final GearTable GEAR = GearTable.derive(Bytes32.ZERO);
  private static final ChunkSizes SMALL = new ChunkSizes(2 << 10, 8 << 10, 32 << 10);

  @Test
  void shouldCutWhereGoldenFilesSay() {
    for (List<String> line : Golden.lines("cut-points.txt")) {
      ChunkSizes sizes = new ChunkSizes(number(line, 1), number(line, 2), number(line, 3));
      FastCdc cdc = new FastCdc(GearTable.derive(Bytes32.parse(line.get(0))), sizes);
      byte[] content = Content.of(line.get(4), number(line, 5), number(line, 6));
      assertArrayEquals(Golden.numbers(line.get(7)), cuts(cdc, content), line.toString());
    }
  }

  private static int number(List<String> line, int index) {
    return Integer.parseInt(line.get(index));
  }

  private static int[] cuts(FastCdc cdc, byte[] content) {
    IntStream.Builder cuts = IntStream.builder();
    for (int at = 0; at < content.length; ) {
      int cut = cdc.cut(content, at, content.length - at, true);
      cuts.add(cut);
      at += cut;
    }
    return cuts.build().toArray();
  }

  @Test
  void shouldCutAlikeHoweverBytesArrive() {
    byte[] content = Content.random(4, 600_000);
    FastCdc cdc = new FastCdc(GEAR, SMALL);
    for (int step : new int[] {1000, 4096, 7919}) {
      assertArrayEquals(cuts(cdc, content), cutsByStep(cdc, content, step));
    }
  }

  private static int[] cutsByStep(FastCdc cdc, byte[] content, int step) {
    IntStream.Builder cuts = IntStream.builder();
    int start = 0;
    int read = 0;
    while (start < content.length) {
      int cut = cdc.cut(content, start, read - start, read == content.length);
      if (cut == FastCdc.NEED_MORE) {
        read = Math.min(content.length, read + step);
      } else {
        cuts.add(cut);
        start += cut;
      }
    }
    return cuts.build().toArray();
  }

  @Test
  void shouldAskForMoreUntilCutOrEnd() {
    FastCdc cdc = new FastCdc(GEAR, SMALL);
    byte[] zeros = new byte[64 << 10];
    assertEquals(FastCdc.NEED_MORE, cdc.cut(zeros, 0, 0, false));
    assertEquals(FastCdc.NEED_MORE, cdc.cut(zeros, 0, SMALL.maximumBytes() - 1, false));
    assertEquals(SMALL.maximumBytes(), cdc.cut(zeros, 0, SMALL.maximumBytes(), false));
    assertEquals(10, cdc.cut(zeros, 0, 10, true));
    assertEquals(0, cdc.cut(zeros, 0, 0, true));
  }

  @Test
  void sizesShouldGatherAroundTheAverage() {
    int[] cuts = cuts(new FastCdc(GEAR, SMALL), Content.random(6, 16 << 20));
    int[] whole = Arrays.copyOf(cuts, cuts.length - 1);
    double mean = Arrays.stream(whole).average().orElseThrow();
    assertTrue(mean > 0.9 * SMALL.averageBytes() && mean < 1.3 * SMALL.averageBytes(), "" + mean);
    assertTrue(Arrays.stream(whole).allMatch(cut -> cut > SMALL.minimumBytes()));
    assertTrue(Arrays.stream(whole).allMatch(cut -> cut <= SMALL.maximumBytes()));
    long near = Arrays.stream(whole).filter(cut -> cut > mean / 2 && cut < mean * 2).count();
    assertTrue(near > 0.8 * whole.length, near + " of " + whole.length);
  }

  @Test
  void shouldCutAsBeforeSoonAfterAnInsertion() {
    byte[] before = Content.random(8, 4 << 20);
    for (int at : new int[] {0, 1, 100_000, 2_000_003}) {
      byte[] after = new byte[before.length + 37];
      System.arraycopy(before, 0, after, 0, at);
      System.arraycopy(before, at, after, at + 37, before.length - at);
      Set<ByteBuffer> fresh = new HashSet<>(chunks(after));
      fresh.removeAll(new HashSet<>(chunks(before)));
      assertTrue(fresh.size() <= 6, fresh.size() + " new chunks after an insertion at " + at);
    }
  }

  private static List<ByteBuffer> chunks(byte[] content) {
    List<ByteBuffer> chunks = new ArrayList<>();
    int at = 0;
    for (int cut : cuts(new FastCdc(GEAR, SMALL), content)) {
      chunks.add(ByteBuffer.wrap(content, at, cut).slice());
      at += cut;
    }
    return chunks;
  }

  @Test
  void secretShouldDecideWhereContentIsCut() {
    byte[] content = Content.random(10, 1 << 20);
    GearTable other = GearTable.derive(new Bytes32(0, 0, 0, 1));
    int[] here = cuts(new FastCdc(GEAR, SMALL), content);
    assertTrue(!Arrays.equals(here, cuts(new FastCdc(other, SMALL), content)));
  }

  @Test
  void shouldRefuseRegionOutsideItsArray() {
    FastCdc cdc = new FastCdc(GEAR, SMALL);
    assertThrows(IndexOutOfBoundsException.class, () -> cdc.cut(new byte[10], 5, 6, true));
    assertThrows(IndexOutOfBoundsException.class, () -> cdc.cut(new byte[10], -1, 6, true));
  }

  @Test
  void shouldRefuseSizesThatCannotWork() {
    assertThrows(IllegalArgumentException.class, () -> new ChunkSizes(63, 128, 256));
    assertThrows(IllegalArgumentException.class, () -> new ChunkSizes(64, 100, 256));
    assertThrows(IllegalArgumentException.class, () -> new ChunkSizes(64, 64, 256));
    assertThrows(IllegalArgumentException.class, () -> new ChunkSizes(64, 128, 128));
    assertThrows(IllegalArgumentException.class, () -> new ChunkSizes(64, 128, (16 << 20) + 1));
  }

  @Test
  void shouldNotPrintTheSecret() {
    assertEquals("GearTable[secret]", GEAR.toString());
  }
}
