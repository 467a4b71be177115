package io.holdfast.common.chunking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.golden.Content;
import io.holdfast.common.golden.Golden;
import io.holdfast.common.id.Bytes32;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BundleBoundaryTest {
  private static final GearTable GEAR = GearTable.derive(Bytes32.ZERO);

  @Test
  void shouldEndBundlesWhereGoldenFilesSay() {
    for (List<String> line : Golden.lines("bundle-boundaries.txt")) {
      GearTable gear = GearTable.derive(Bytes32.parse(line.get(0)));
      int unit = Integer.parseInt(line.get(4));
      int[] lengths =
          IntStream.range(0, Integer.parseInt(line.get(3)))
              .map(i -> (i * i % 97 + 1) * unit)
              .toArray();
      int total = IntStream.of(lengths).sum();
      byte[] content = Content.of(line.get(1), Long.parseLong(line.get(2)), total);
      int[] ends = ends(gear, content, lengths, 0).stream().sorted().mapToInt(i -> i).toArray();
      assertArrayEquals(Golden.numbers(line.get(5)), ends, line.toString());
    }
  }

  /** Indexes of the pieces that end a bundle, in a stream that begins with piece {@code first}. */
  private static Set<Integer> ends(GearTable gear, byte[] content, int[] lengths, int first) {
    BundleBoundary boundary = new BundleBoundary(gear);
    int[] at = {0};
    return IntStream.range(0, lengths.length)
        .filter(i -> {
          int start = at[0];
          at[0] += lengths[i];
          return i >= first && boundary.endsAfter(content, start, lengths[i]);
        })
        .boxed()
        .collect(Collectors.toSet());
  }

  @Test
  void streamsOutOfStepShouldMeetAgainWithinMegabytes() {
    byte[] content = Content.random(3, 48 << 20);
    for (int typical : new int[] {1 << 10, 4 << 10, 64 << 10}) {
      int[] lengths = pieces(typical, content.length);
      Set<Integer> whole = ends(GEAR, content, lengths, 0);
      for (int first = 1; first < 1_000_000 / typical; first += 200_000 / typical) {
        int skipped = first;
        Set<Integer> later = ends(GEAR, content, lengths, first);
        int meeting = later.stream().filter(whole::contains).min(Integer::compare).orElseThrow();
        int bytes = IntStream.range(skipped, meeting).map(i -> lengths[i]).sum();
        assertTrue(bytes < 16 << 20, bytes + " bytes out of step, pieces of " + typical);
        assertEquals(
            whole.stream().filter(i -> i > meeting).collect(Collectors.toSet()),
            later.stream().filter(i -> i > meeting).collect(Collectors.toSet()));
      }
    }
  }

  private static int[] pieces(int typical, int total) {
    Random random = new Random(typical);
    IntStream.Builder lengths = IntStream.builder();
    int left = total;
    while (left > 0) {
      int length = Math.min(left, 1 + random.nextInt(2 * typical));
      lengths.add(length);
      left -= length;
    }
    return lengths.build().toArray();
  }

  @Test
  void bundlesShouldBeOfUsefulSize() {
    byte[] content = Content.random(5, 64 << 20);
    BundleBoundary boundary = new BundleBoundary(GEAR);
    int bundles = 0;
    for (int at = 0; at < content.length; at += 4096) {
      int held = boundary.heldBytes() + 4096;
      if (boundary.endsAfter(content, at, 4096)) {
        assertTrue(held >= BundleBoundary.MINIMUM_BYTES && held <= BundleBoundary.MAXIMUM_BYTES);
        bundles++;
      }
    }
    assertTrue(bundles > 40 && bundles < 64, bundles + " bundles of 64 MiB");
  }

  @Test
  void piecesThatEndAlikeShouldNotDecideAlike() {
    byte[] zeros = new byte[64 << 10];
    BundleBoundary boundary = new BundleBoundary(GEAR);
    int ends = 0;
    int pieces = 0;
    for (int length = 1; length < zeros.length; length += 37) {
      ends += boundary.endsAfter(zeros, 0, length) ? 1 : 0;
      pieces++;
    }
    assertTrue(ends > 20 && ends < pieces / 10, ends + " ends in " + pieces + " pieces");
  }

  @Test
  void shouldForgetBundleThatCallerEnded() {
    BundleBoundary boundary = new BundleBoundary(GEAR);
    boundary.endsAfter(new byte[1000], 0, 1000);
    assertEquals(1000, boundary.heldBytes());
    boundary.restart();
    assertEquals(0, boundary.heldBytes());
  }
}
