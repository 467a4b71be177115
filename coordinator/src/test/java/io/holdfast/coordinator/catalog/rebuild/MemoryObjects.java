package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A vault for checkpoints in memory that can be damaged, cut off, and stopped in the middle. */
public final class MemoryObjects implements CheckpointObjects {
  private final NavigableMap<String, byte[]> objects = new TreeMap<>();
  private boolean cutOff;
  private int createsLeft = Integer.MAX_VALUE;

  @Override
  public boolean createIfAbsent(String name, Path file) {
    refuseIfCutOff();
    if (createsLeft == 0) {
      throw new HoldfastException(ErrorCode.VAULT_FULL, "no room for " + name);
    }
    createsLeft--;
    try {
      return objects.putIfAbsent(name, Files.readAllBytes(file)) == null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<InputStream> read(String name) {
    refuseIfCutOff();
    return Optional.ofNullable(objects.get(name)).map(ByteArrayInputStream::new);
  }

  @Override
  public List<String> list(String prefix) {
    refuseIfCutOff();
    return objects.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /** From here on every call fails, until it doesn't. */
  void cutOff(boolean cut) {
    cutOff = cut;
  }

  /** So many more objects fit. */
  void roomFor(int creates) {
    createsLeft = creates;
  }

  byte[] get(String name) {
    return objects.get(name).clone();
  }

  void put(String name, byte[] bytes) {
    objects.put(name, bytes);
  }

  void remove(String name) {
    objects.remove(name);
  }

  private void refuseIfCutOff() {
    if (cutOff) {
      throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "the vault is cut off; try again");
    }
  }
}
