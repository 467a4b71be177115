package io.holdfast.coordinator.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.fuzz.DecoderFuzz;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.VaultId;
import org.junit.jupiter.api.Test;

class VaultMarkerTest {
  @Test
  void shouldReadAMarkerOrRefuseIt() {
    VaultIdentity identity =
        new VaultIdentity(VaultId.of(new byte[16]), RepositoryId.of(new byte[16]));
    DecoderFuzz.of("vault.json", bytes -> VaultMarker.decode("/vault", bytes))
        .original(VaultMarker.encode(identity))
        .original("[".repeat(10_000).getBytes(UTF_8))
        .original("{\"a\":".repeat(10_000).getBytes(UTF_8))
        .original(("{\"format\":" + "9".repeat(5_000) + "}").getBytes(UTF_8))
        .mayThrow(ErrorCode.VAULT_FOREIGN, ErrorCode.UNKNOWN_VERSION)
        .run();
  }
}
