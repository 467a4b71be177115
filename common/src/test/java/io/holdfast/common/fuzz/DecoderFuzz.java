package io.holdfast.common.fuzz;

import com.sun.management.ThreadMXBean;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * One decoder under fire. A round mutates one of the originals, or makes bytes up; now and then a
 * checksum is repaired, so that what lies behind it is reached too. One thread.
 *
 * <pre>
 * -Dholdfast.fuzz.rounds=N   rounds of each decoder; 1,500 unless said
 * -Dholdfast.fuzz.seed=N     instead of 1
 * </pre>
 */
public final class DecoderFuzz {
  private static final int ROUNDS = Integer.getInteger("holdfast.fuzz.rounds", 1_500);
  private static final long SEED = Long.getLong("holdfast.fuzz.seed", 1);
  private static final long ANSWER_NANOS = 1_000_000_000L;
  private static final int SHOWN_BYTES = 512;

  /** Values that lengths, counts and versions like least. */
  private static final int[] NASTY = {0, 1, -1, 0x7fffffff, 0x80000000, 0x7f, 0xff, 0xffff, 1 << 24};

  private final String name;
  private final Decoder decoder;
  private final List<byte[]> originals = new ArrayList<>();
  private final Set<ErrorCode> expected = EnumSet.noneOf(ErrorCode.class);
  private UnaryOperator<byte[]> repair = bytes -> bytes;
  private long allocationLimit = 16 << 20;
  private int rounds = ROUNDS;

  /** What is tried. */
  public interface Decoder {
    void decode(byte[] bytes) throws Exception;
  }

  private DecoderFuzz(String name, Decoder decoder) {
    this.name = name;
    this.decoder = decoder;
  }

  public static DecoderFuzz of(String name, Decoder decoder) {
    return new DecoderFuzz(name, decoder);
  }

  /** Something that decodes, or nearly. */
  public DecoderFuzz original(byte[] bytes) {
    originals.add(bytes.clone());
    return this;
  }

  /** Codes that the decoder documents. */
  public DecoderFuzz mayThrow(ErrorCode... codes) {
    expected.addAll(List.of(codes));
    return this;
  }

  /** Makes checksums hold again after a mutation. */
  public DecoderFuzz repairedBy(UnaryOperator<byte[]> repairer) {
    repair = repairer;
    return this;
  }

  /** Most bytes that one call may take from the heap. */
  public DecoderFuzz allocatingAtMost(long bytes) {
    allocationLimit = bytes;
    return this;
  }

  /** Fewer rounds, for a decoder that goes by way of the disk. */
  public DecoderFuzz oneRoundIn(int parts) {
    rounds = Math.max(1, ROUNDS / parts);
    return this;
  }

  /** Fires all rounds; fails with seed, round and input. */
  public void run() {
    SplittableRandom random = new SplittableRandom(SEED ^ name.hashCode());
    originals.forEach(original -> attempt(original, -1)); // also warms up
    for (int round = 0; round < rounds; round++) {
      byte[] bytes = random.nextInt(8) == 0 ? madeUp(random) : mutated(random);
      attempt(random.nextBoolean() ? repair.apply(bytes) : bytes, round);
    }
  }

  private void attempt(byte[] bytes, int round) {
    long allocated = allocatedBytes();
    long started = processorNanos();
    try {
      decoder.decode(bytes);
    } catch (HoldfastException e) {
      if (!expected.contains(e.code())) {
        throw failure("throws " + e.code() + ": " + e.getMessage(), bytes, round, e);
      }
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      throw failure("throws " + e, bytes, round, e);
    }
    if (processorNanos() - started > ANSWER_NANOS) {
      throw failure("works for more than a second", bytes, round, null);
    }
    long taken = allocatedBytes() - allocated;
    if (round >= 0 && taken > allocationLimit) {
      throw failure("takes " + taken + " bytes of memory", bytes, round, null);
    }
  }

  /** Of this thread: a busy machine is no fault of the decoder. */
  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private AssertionError failure(String what, byte[] bytes, int round, Throwable cause) {
    String hex = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES));
    return new AssertionError(
        name
            + " "
            + what
            + "\nround "
            + round
            + ", replay with -Dholdfast.fuzz.seed="
            + SEED
            + " -Dholdfast.fuzz.rounds="
            + Math.max(ROUNDS, round + 1)
            + "\n"
            + bytes.length
            + " bytes: "
            + hex,
        cause);
  }

  private static byte[] madeUp(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] mutated(SplittableRandom random) {
    byte[] bytes = originals.get(random.nextInt(originals.size())).clone();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      bytes = mutated(bytes, random);
    }
    return bytes;
  }

  private byte[] mutated(byte[] bytes, SplittableRandom random) {
    if (bytes.length == 0) {
      return madeUp(random);
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(8)) {
      case 0, 1 -> with(bytes, at, (byte) (bytes[at] ^ (1 << random.nextInt(8))));
      case 2 -> with(bytes, at, (byte) NASTY[random.nextInt(NASTY.length)]);
      case 3 -> nastyInt(bytes, Math.min(at, 63), NASTY[random.nextInt(NASTY.length)]);
      case 4 -> Arrays.copyOf(bytes, at);
      case 5 -> spliced(bytes, at, originals.get(random.nextInt(originals.size())), random);
      case 6 -> inserted(bytes, at, madeUp(random));
      default -> removed(bytes, at, random.nextInt(1 + Math.min(64, bytes.length - at)));
    };
  }

  private static byte[] with(byte[] bytes, int at, byte value) {
    bytes[at] = value;
    return bytes;
  }

  private static byte[] nastyInt(byte[] bytes, int at, int value) {
    for (int i = 0; i < 4 && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (value >>> (24 - 8 * i));
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int at, byte[] other, SplittableRandom random) {
    int from = random.nextInt(other.length + 1);
    byte[] out = Arrays.copyOf(bytes, at + other.length - from);
    System.arraycopy(other, from, out, at, other.length - from);
    return out;
  }

  private static byte[] inserted(byte[] bytes, int at, byte[] more) {
    byte[] out = new byte[bytes.length + more.length];
    System.arraycopy(bytes, 0, out, 0, at);
    System.arraycopy(more, 0, out, at, more.length);
    System.arraycopy(bytes, at, out, at + more.length, bytes.length - at);
    return out;
  }

  private static byte[] removed(byte[] bytes, int at, int count) {
    byte[] out = new byte[bytes.length - count];
    System.arraycopy(bytes, 0, out, 0, at);
    System.arraycopy(bytes, at + count, out, at, bytes.length - at - count);
    return out;
  }
}
