package io.holdfast.agent.enrolment;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.fuzz.DecoderFuzz;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Garbage for what the agent keeps of itself. */
class StateFilesTest {
  private static final String CHECKSUM = "checksum ";

  @TempDir Path directory;

  @Test
  void hostRecords() {
    HostRecord record =
        new HostRecord(
            FleetId.of(new byte[16]),
            HostId.of(new byte[16]),
            RepositoryId.of(new byte[16]),
            List.of(Endpoint.parse("backup.example:7443")));
    DecoderFuzz.of(
            "enrolled", bytes -> HostRecord.decode("enrolled", new String(bytes, ISO_8859_1)))
        .original(record.encode().getBytes(ISO_8859_1))
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.UNKNOWN_VERSION)
        .repairedBy(StateFilesTest::summed)
        .run();
  }

  @Test
  void authorityMemories() {
    StateDirectory state = StateDirectory.open(directory.resolve("state"));
    StateText text =
        new StateText("holdfast-authority")
            .add("epoch-number", "1")
            .add("epoch-id", "00".repeat(16))
            .add("incarnation", "01".repeat(16))
            .add("term", "3")
            .add("seq", "17")
            .add("record-hash", "02".repeat(32))
            .add("left", "03".repeat(16));
    DecoderFuzz.of(
            "authority",
            bytes -> {
              Files.write(state.authority(), bytes);
              Files.setPosixFilePermissions(
                  state.authority(), PosixFilePermissions.fromString("rw-------"));
              var _ = AuthorityMemory.open(state);
            })
        .original(text.encode().getBytes(ISO_8859_1))
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.UNKNOWN_VERSION, ErrorCode.KEY_UNAVAILABLE)
        .repairedBy(StateFilesTest::summed)
        .oneRoundIn(8)
        .run();
  }

  /** The line of the checksum made to agree with those before it. */
  private static byte[] summed(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    int at = text.lastIndexOf(CHECKSUM);
    if (at < 0) {
      return bytes;
    }
    CRC32C crc = new CRC32C();
    crc.update(text.substring(0, at).getBytes(ISO_8859_1));
    String sum = HexFormat.of().toHexDigits((int) crc.getValue());
    return (text.substring(0, at) + CHECKSUM + sum + "\n").getBytes(ISO_8859_1);
  }
}
