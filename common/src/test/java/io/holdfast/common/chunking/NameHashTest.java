package io.holdfast.common.chunking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.golden.Golden;
import io.holdfast.common.id.Bytes32;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class NameHashTest {
  @Test
  void shouldHashAsGoldenFilesSay() {
    for (List<String> line : Golden.lines("name-hashes.txt")) {
      GearTable gear = GearTable.derive(Bytes32.parse(line.get(0)));
      byte[] path = HexFormat.of().parseHex(line.get(1));
      long hash = NameHash.of(path, 0, path.length, gear, Long.parseLong(line.get(2)));
      assertEquals(line.get(3), HexFormat.of().toHexDigits(hash));
    }
  }

  @Test
  void shouldSeeRegionOnly() {
    GearTable gear = GearTable.derive(Bytes32.ZERO);
    byte[] framed = {9, 9, 1, 2, 3, 9};
    byte[] bare = {1, 2, 3};
    assertEquals(NameHash.of(bare, 0, 3, gear, 0), NameHash.of(framed, 2, 3, gear, 0));
  }
}
