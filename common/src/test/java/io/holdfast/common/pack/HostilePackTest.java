package io.holdfast.common.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.golden.Content;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.SnapshotId;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What torn, damaged, forged and misdirected packs may bring before a reader. */
class HostilePackTest {
  private static final byte[] PAGE_PACK =
      PackKit.pack(PackKit.PAGES, PackKit.chunks(PackContent.PAGES, 6, new Random(5)));
  private static final byte[] FOOTER = footer();

  private static byte[] footer() {
    PackFooter footer = tailFooter(PAGE_PACK);
    byte[] out = new byte[footer.length()];
    footer.encoded().get(out);
    return out;
  }

  private static PackFooter tailFooter(byte[] pack) {
    return PackTail.locate(PackKit.PACK, pack, pack.length).footer(pack);
  }

  private static PackFooter parse(byte[] footer) {
    return PackFooter.parse(PackKit.PACK, footer, 0, footer.length);
  }

  private static void assertRefused(ErrorCode expected, String said, Executable reading) {
    HoldfastException refused = assertThrows(HoldfastException.class, reading);
    assertEquals(expected, refused.code(), refused.getMessage());
    String message = refused.getMessage();
    assertTrue(message.contains(PackKit.PACK.toString()) && message.contains(said), message);
  }

  private static void assertFooterRefused(String said, int at, int value) {
    byte[] forged = FOOTER.clone();
    ByteBuffer.wrap(forged).putInt(at, value);
    assertRefused(ErrorCode.PACK_CORRUPT, said, () -> parse(forged));
  }

  @Test
  void anyFlippedBitOfFooterAndTrailerShouldBeRefused() {
    int start = PAGE_PACK.length - FOOTER.length - PackLayout.TRAILER_LENGTH;
    for (int bit = start * 8; bit < PAGE_PACK.length * 8; bit++) {
      byte[] flipped = PAGE_PACK.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(ErrorCode.PACK_CORRUPT, "", () -> tailFooter(flipped));
    }
  }

  @Test
  void anyFlippedBitOfHeaderShouldBeRefused() {
    for (int bit = 0; bit < PackLayout.HEADER_LENGTH * 8; bit++) {
      byte[] flipped = Arrays.copyOf(PAGE_PACK, PackLayout.HEADER_LENGTH);
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      HoldfastException refused =
          assertThrows(
              HoldfastException.class,
              () -> PackHeader.parse(PackKit.PACK, flipped, 0, flipped.length));
      boolean version = bit / 8 == 4 || bit / 8 == 5;
      ErrorCode expected = version ? ErrorCode.UNKNOWN_VERSION : ErrorCode.PACK_CORRUPT;
      assertEquals(expected, refused.code());
    }
  }

  @Test
  void anyTruncationShouldBeRefused() {
    for (int length = 0; length < PAGE_PACK.length; length++) {
      byte[] torn = Arrays.copyOf(PAGE_PACK, length);
      assertRefused(ErrorCode.PACK_CORRUPT, "", () -> tailFooter(torn));
    }
    for (int length = 0; length < PackLayout.HEADER_LENGTH; length++) {
      int torn = length;
      assertRefused(
          ErrorCode.PACK_CORRUPT,
          "header",
          () -> PackHeader.parse(PackKit.PACK, PAGE_PACK, 0, torn));
    }
  }

  @Test
  void shouldRefusePackUnderAnotherPacksName() {
    PackId other = new PackId(new UUID(8, 8));
    HoldfastException header =
        assertThrows(
            HoldfastException.class, () -> PackHeader.parse(other, PAGE_PACK, 0, PAGE_PACK.length));
    assertEquals(ErrorCode.PACK_CORRUPT, header.code());
    HoldfastException footer =
        assertThrows(
            HoldfastException.class,
            () -> PackTail.locate(other, PAGE_PACK, PAGE_PACK.length).footer(PAGE_PACK));
    assertEquals(ErrorCode.PACK_CORRUPT, footer.code());
    assertTrue(footer.getMessage().contains(PackKit.PACK.toString()), footer.getMessage());
  }

  @Test
  void shouldRefusePackWithBytesThatItsFooterDoesNotAccountFor() {
    byte[] longer = new byte[PAGE_PACK.length + 3];
    System.arraycopy(PAGE_PACK, 0, longer, 3, PAGE_PACK.length);
    assertRefused(ErrorCode.PACK_CORRUPT, "accounts for", () -> tailFooter(longer));
  }

  @Test
  void shouldRefusePackOverTheLimitFromItsLengthAlone() {
    long large = PackLayout.MAXIMUM_PACK_LENGTH + 1L;
    assertRefused(
        ErrorCode.PACK_CORRUPT,
        "over the limit",
        () -> PackTail.locate(PackKit.PACK, PAGE_PACK, large));
  }

  @Test
  void shouldNameUnknownVersion() {
    byte[] newer = FOOTER.clone();
    newer[5] = 2;
    assertRefused(ErrorCode.UNKNOWN_VERSION, "footer has version 2", () -> parse(newer));
  }

  @Test
  void shouldRefuseImpossibleFieldsByName() {
    int entry = PackLayout.FOOTER_HEAD_LENGTH + 3 * PackLayout.OWNER_LENGTH;
    assertFooterRefused("magic", 0, 0x46504b48);
    assertFooterRefused("kind", entry, 0x01000000);
    assertFooterRefused("kind", entry, 0x11000000);
    assertFooterRefused("reserved field", entry, 0x04010000);
    assertFooterRefused("owner", entry, 0x04000003);
    assertFooterRefused("offset", entry + 36, 49);
    assertFooterRefused("sealed length", entry + 40, 47);
    assertFooterRefused("sealed length", entry + 40, -1);
    assertFooterRefused("sealed length", entry + 40, Integer.MAX_VALUE);
    assertFooterRefused("plain length", entry + 44, (16 << 20) + 1);
    assertFooterRefused("reference count", entry + 68, 65_537);
    assertFooterRefused("reference count", entry + 68, -1);
    assertFooterRefused("reference", FOOTER.length - 33, 0x05000000);
    assertFooterRefused("offset", entry + PackLayout.ENTRY_LENGTH + 36, 48);
  }

  @Test
  void shouldRefuseOwnerListedTwice() {
    byte[] forged = FOOTER.clone();
    int owners = PackLayout.FOOTER_HEAD_LENGTH;
    System.arraycopy(forged, owners, forged, owners + 16, 16);
    assertRefused(ErrorCode.PACK_CORRUPT, "owner 1 twice", () -> parse(forged));
  }

  @Test
  void hugeCountsShouldBeRefusedBeforeMemoryIsTaken() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int field : new int[] {44, 48}) {
      for (int huge : new int[] {1 << 20, 1 << 24, 1 << 26, Integer.MAX_VALUE, -1}) {
        long before = threads.getCurrentThreadAllocatedBytes();
        assertFooterRefused("footer", field, huge);
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(taken < 256 << 10, taken + " bytes taken for a count of " + huge);
      }
    }
    assertFooterRefused("entries", 44, 0);
  }

  @Test
  void shouldRefuseTrailerThatDeclaresTooLongAFooter() {
    for (int length : new int[] {0, 100, PAGE_PACK.length - 59, Integer.MAX_VALUE, -1}) {
      byte[] forged = PAGE_PACK.clone();
      ByteBuffer.wrap(forged).putInt(forged.length - 12, length);
      assertRefused(ErrorCode.PACK_CORRUPT, "trailer declares", () -> tailFooter(forged));
    }
  }

  @Test
  void builderShouldNotHandOutWhatAReaderWouldRefuse() {
    PackFooter.Builder empty = new PackFooter.Builder(PackKit.PAGES);
    assertRefused(ErrorCode.PACK_CORRUPT, "0 entries", empty::build);
    PackFooter.Builder builder = new PackFooter.Builder(PackKit.PAGES);
    SnapshotId snapshot = new SnapshotId(Bytes32.ZERO);
    builder.addSnapshotRecord(PackKit.host(1), snapshot, 0, 0, PackKit.hash(0));
    assertRefused(ErrorCode.PACK_CORRUPT, "sealed length", builder::build);
  }

  @Test
  void mutatedFootersShouldBeRefusedOrReadableThroughout() {
    long seed = 31337;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] mutant = Content.mutate(FOOTER, random);
      try {
        walk(parse(mutant));
      } catch (HoldfastException e) {
        assertTrue(
            e.code() == ErrorCode.PACK_CORRUPT || e.code() == ErrorCode.UNKNOWN_VERSION,
            () -> "seed " + seed + ": " + e);
      }
    }
  }

  private static void walk(PackFooter footer) {
    for (int i = 0; i < footer.entries(); i++) {
      footer.owner(footer.ownerIndex(i));
      Object named = footer.isSnapshotRecord(i) ? footer.snapshot(i) : footer.chunk(i);
      assertEquals(footer.hash(i).toString().length(), 32, named.toString());
      for (int j = 0; j < footer.referenceCount(i); j++) {
        footer.reference(i, j);
      }
    }
    assertTrue(footer.packLength() <= PackLayout.MAXIMUM_PACK_LENGTH);
  }
}
