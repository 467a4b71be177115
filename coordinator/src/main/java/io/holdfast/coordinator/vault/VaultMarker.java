package io.holdfast.coordinator.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.VaultId;

/**
 * The object {@code vault.json}, written once when a vault is made: what tells a vault from any
 * other directory, and from the empty mount point of a NAS that isn't there.
 *
 * <pre>
 * {"kind":"holdfast vault","format":1,"vault":"&lt;32 hex&gt;","repository":"&lt;32 hex&gt;"}
 * </pre>
 */
final class VaultMarker {
  static final int FORMAT = 1;
  static final int MAX_BYTES = 4096;
  private static final String KIND = "holdfast vault";
  private static final ObjectMapper JSON = new ObjectMapper();

  private VaultMarker() {}

  static byte[] encode(VaultIdentity identity) {
    String text =
        "{\"kind\":\"%s\",\"format\":%d,\"vault\":\"%s\",\"repository\":\"%s\"}\n"
            .formatted(KIND, FORMAT, identity.vault(), identity.repository());
    return text.getBytes(UTF_8);
  }

  /**
   * @param place what to call the vault in messages
   * @throws HoldfastException VAULT_FOREIGN if it isn't a marker, UNKNOWN_VERSION
   */
  static VaultIdentity decode(String place, byte[] bytes) {
    JsonNode marker = parse(place, bytes);
    if (!marker.path("kind").asText().equals(KIND)) {
      throw foreign(place, "its vault.json isn't Holdfast's", null);
    }
    checkFormat(place, marker.path("format"));
    try {
      return new VaultIdentity(
          VaultId.parse(marker.path("vault").asText()),
          RepositoryId.parse(marker.path("repository").asText()));
    } catch (IllegalArgumentException e) {
      throw foreign(place, "its vault.json is damaged", e);
    }
  }

  private static JsonNode parse(String place, byte[] bytes) {
    try {
      return JSON.readTree(new String(bytes, UTF_8));
    } catch (JsonProcessingException e) {
      throw foreign(place, "its vault.json is damaged", e);
    }
  }

  private static void checkFormat(String place, JsonNode format) {
    if (!format.isInt() || format.asInt() != FORMAT) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          "The vault at %s has format %s; this version of Holdfast reads format %d. Use the version that made it, or a newer one."
              .formatted(place, format, FORMAT));
    }
  }

  static HoldfastException foreign(String place, String reason, Throwable cause) {
    return new HoldfastException(
        ErrorCode.VAULT_FOREIGN,
        place + " is not the vault asked for: " + reason + ". Check the path and the mount.",
        cause);
  }
}
