package io.holdfast.common.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A file or directory of a {@link LossyDisk}: what processes see, and what the platter holds. */
sealed interface DiskNode {
  /** Makes the present state durable. */
  void sync();

  /** A failed sync: what was pending is seen until the power goes, and no later sync saves it. */
  void dropPending();

  /** Becomes what survives a power cut. */
  void losePower(PowerLoss loss, RandomGenerator random);

  /** Bytes with the writes that no sync has covered. */
  final class File implements DiskNode {
    private static final int SECTOR_BYTES = 512;

    private static final class Write {
      private final int position;
      private final byte[] bytes;

      Write(int position, byte[] bytes) {
        this.position = position;
        this.bytes = bytes;
      }
    }

    private final List<Write> pending = new ArrayList<>();
    private byte[] seen = new byte[0];
    private byte[] durable = new byte[0];
    int links;

    byte[] bytes() {
      return seen;
    }

    byte[] durable() {
      return durable;
    }

    void write(long position, byte[] bytes) {
      Write write = new Write(Math.toIntExact(position), bytes);
      seen = applied(seen, write);
      pending.add(write);
    }

    /** Changes the bytes at rest, as a failing medium does. */
    void damage(byte[] bytes) {
      seen = bytes.clone();
      durable = bytes.clone();
      pending.clear();
    }

    private static byte[] applied(byte[] old, Write write) {
      int end = Math.max(old.length, write.position + write.bytes.length);
      byte[] out = Arrays.copyOf(old, end);
      System.arraycopy(write.bytes, 0, out, write.position, write.bytes.length);
      return out;
    }

    @Override
    public void sync() {
      for (Write write : pending) {
        durable = applied(durable, write);
      }
      pending.clear();
    }

    @Override
    public void dropPending() {
      pending.clear();
    }

    @Override
    public void losePower(PowerLoss loss, RandomGenerator random) {
      switch (loss) {
        case ALL -> {}
        case SOME -> keepSome(random);
        case NONE -> durable = seen;
      }
      seen = durable;
      pending.clear();
    }

    private void keepSome(RandomGenerator random) {
      for (Write write : pending) {
        switch (random.nextInt(4)) {
          case 0 -> durable = applied(durable, write);
          case 1 -> durable = applied(durable, prefix(write, random));
          case 2 -> durable = applied(durable, someSectors(write, random));
          default -> {}
        }
      }
      if (!pending.isEmpty() && random.nextInt(4) == 0) {
        durable = Arrays.copyOf(durable, Math.max(durable.length, seen.length));
      }
    }

    private static Write prefix(Write write, RandomGenerator random) {
      int length = random.nextInt(write.bytes.length + 1);
      return new Write(write.position, Arrays.copyOf(write.bytes, length));
    }

    private static Write someSectors(Write write, RandomGenerator random) {
      byte[] out = write.bytes.clone();
      for (int at = 0; at < out.length; at += SECTOR_BYTES) {
        if (random.nextBoolean()) {
          Arrays.fill(out, at, Math.min(out.length, at + SECTOR_BYTES), (byte) 0);
        }
      }
      return new Write(write.position, out);
    }
  }

  /** Names with every state they had since the last sync. */
  final class Directory implements DiskNode {
    private final Map<String, List<Optional<DiskNode>>> pending = new TreeMap<>();
    private final Map<String, DiskNode> seen = new TreeMap<>();
    private final Map<String, DiskNode> durable = new TreeMap<>();

    Map<String, DiskNode> entries() {
      return seen;
    }

    Map<String, DiskNode> durable() {
      return durable;
    }

    void set(String name, Optional<DiskNode> node) {
      put(seen, name, node);
      pending.computeIfAbsent(name, _ -> new ArrayList<>()).add(node);
    }

    private static void put(Map<String, DiskNode> map, String name, Optional<DiskNode> node) {
      node.ifPresentOrElse(present -> map.put(name, present), () -> map.remove(name));
    }

    @Override
    public void sync() {
      pending.forEach((name, states) -> put(durable, name, states.getLast()));
      pending.clear();
    }

    @Override
    public void dropPending() {
      pending.clear();
    }

    @Override
    public void losePower(PowerLoss loss, RandomGenerator random) {
      switch (loss) {
        case ALL -> {}
        case SOME -> pending.forEach((name, states) -> keepSome(name, states, random));
        case NONE -> {
          durable.clear();
          durable.putAll(seen);
        }
      }
      seen.clear();
      seen.putAll(durable);
      pending.clear();
    }

    private void keepSome(String name, List<Optional<DiskNode>> states, RandomGenerator random) {
      int kept = random.nextInt(states.size() + 1);
      if (kept < states.size()) {
        put(durable, name, states.get(kept));
      }
    }
  }
}
