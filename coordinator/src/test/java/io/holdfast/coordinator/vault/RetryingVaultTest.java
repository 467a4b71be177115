package io.holdfast.coordinator.vault;

import static io.holdfast.coordinator.vault.VaultContract.assertFails;
import static io.holdfast.coordinator.vault.VaultContract.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.seam.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryingVaultTest {
  private static final ObjectName NAME = ObjectName.of("packs/a");

  private final List<Duration> pauses = new ArrayList<>();
  private final MemoryVault memory = new MemoryVault();
  private final HostileVault hostile = new HostileVault(memory, 1);
  private final RetryingVault vault =
      new RetryingVault(hostile, new Pauses(), 3, Duration.ofMillis(10));

  /** Writes pauses down and lets nobody wait. */
  private final class Pauses implements Time {
    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public void sleep(Duration duration) {
      pauses.add(duration);
    }
  }

  @Test
  void shouldAskAgainWithGrowingPausesThenGiveUp() {
    memory.create(NAME, bytes("content"));
    hostile.once(Mischief.FAIL_BEFORE).once(Mischief.FAIL_BEFORE);
    assertEquals("content", VaultContract.read(vault, NAME));
    assertEquals(List.of(Duration.ofMillis(10), Duration.ofMillis(20)), pauses);
    hostile.with(Mischief.FAIL_BEFORE, 1);
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.size(NAME));
    assertEquals(4, pauses.size());
  }

  @Test
  void shouldFillTheBufferFromItsStartOnEveryAttempt() {
    memory.create(NAME, bytes("0123456789"));
    try (ObjectReader reader = vault.open(NAME)) {
      hostile.once(Mischief.FAIL_BEFORE);
      ByteBuffer into = ByteBuffer.allocate(4).position(1);
      reader.read(2, into);
      assertEquals(bytes("234"), into.flip().position(1));
    }
    assertEquals(1, pauses.size());
  }

  @Test
  void shouldShowEachNameOnceThoughTheListingBreaksOff() {
    for (int i = 0; i < 9; i++) {
      memory.create(ObjectName.of("packs/" + i), bytes("x"));
    }
    Vault breaking =
        new ForwardingVault(memory) {
          private int shown;

          @Override
          public void list(ObjectPrefix prefix, Optional<ObjectName> after, ObjectVisitor visitor) {
            super.list(
                prefix,
                after,
                name -> {
                  boolean more = visitor.visit(name);
                  if (++shown % 4 == 0) {
                    throw VaultErrors.failed("list", new IOException("broke off"));
                  }
                  return more;
                });
          }
        };
    List<String> names = new ArrayList<>();
    new RetryingVault(breaking, new Pauses(), 3, Duration.ZERO)
        .list(ObjectPrefix.ALL, name -> names.add(name.value().substring(6)));
    assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8"), names);
  }

  @Test
  void shouldNeverRepeatACreateADeleteOrAnErrorThatStays() {
    hostile.once(Mischief.FAIL_BEFORE);
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.create(NAME, bytes("x")));
    hostile.once(Mischief.NEVER_LANDS);
    assertInstanceOf(CreateOutcome.Unknown.class, vault.create(NAME, bytes("x")));
    hostile.once(Mischief.FAIL_BEFORE);
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.delete(NAME));
    assertFails(ErrorCode.OBJECT_NOT_FOUND, () -> vault.read(NAME, 10));
    assertEquals(List.of(), pauses);
  }
}
