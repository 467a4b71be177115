package io.holdfast.coordinator.vault;

import static io.holdfast.coordinator.vault.VaultContract.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.coordinator.vault.RecordingVault.Call;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingVaultTest {
  private static final ObjectName NAME = ObjectName.of("packs/1");

  private final RecordingVault vault = new RecordingVault(new MemoryVault());

  @Test
  void shouldWriteDownEveryCallInOrderWithItsBytes() {
    try (ObjectWriter writer = vault.newObject(NAME)) {
      writer.append(bytes("content"));
      assertEquals(7, writer.finish());
    }
    try (ObjectReader reader = vault.open(NAME)) {
      reader.read(2, ByteBuffer.allocate(3));
    }
    assertEquals("content", VaultContract.read(vault, NAME));
    vault.list(ObjectPrefix.of("packs/"), _ -> true);
    vault.delete(NAME);
    assertEquals(0, vault.size(NAME).orElse(0));
    assertEquals(
        List.of(
            Call.NEW_OBJECT,
            Call.FINISH,
            Call.OPEN,
            Call.READ_RANGE,
            Call.FIND,
            Call.LIST,
            Call.DELETE,
            Call.SIZE),
        vault.calls().stream().map(RecordingVault.Recorded::call).toList());
    assertEquals(3, vault.bytes(Call.READ_RANGE));
    assertEquals(7, vault.bytes(Call.FINISH));
    vault.forget();
    assertEquals(0, vault.count(Call.FIND));
  }
}
