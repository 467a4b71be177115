package io.holdfast.agent.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Positions, segments and addresses, as the server writes them. */
class NamesOfLogTest {
  private static final int MIB = 1 << 20;

  @Test
  void shouldReadPositionsAsTheServerWritesThem() {
    for (String text : List.of("0/0", "16/B374D848", "FFFFFFFF/FFFFFFFF")) {
      assertEquals(text, Lsn.parse(text).toString());
    }
    assertEquals(0x16_b374_d848L, Lsn.parse("16/b374d848").bytes());
    assertTrue(Lsn.parse("FFFFFFFF/0").compareTo(Lsn.parse("1/0")) > 0);
    for (String text : List.of("", "1", "1/", "/1", "1/2/3", "1/123456789", "x/1")) {
      assertThrows(HoldfastException.class, () -> Lsn.parse(text), text);
    }
  }

  @Test
  void shouldNameSegmentsOfEverySize() {
    Lsn position = Lsn.parse("2/3456789A");
    assertEquals(
        "000000010000000200000034", new WalSegment(1, position.segment(16 * MIB)).name(16 * MIB));
    assertEquals("0000000A0000000200000345", new WalSegment(10, position.segment(MIB)).name(MIB));
    assertEquals(
        "000000010000000200000000", new WalSegment(1, position.segment(1 << 30)).name(1 << 30));
    assertEquals(0x56789A, position.withinSegment(16 * MIB) & 0xffffff);
    for (int size : new int[] {MIB, 16 * MIB, 64 * MIB, 1 << 30}) {
      WalSegment segment = new WalSegment(7, position.segment(size));
      assertEquals(Optional.of(segment), WalSegment.find(segment.name(size), size));
      assertTrue(segment.start(size).compareTo(position) <= 0);
    }
    assertEquals(Optional.empty(), WalSegment.find("000000010000000200000034.partial", MIB));
    assertTrue(WalSegment.isHistory("00000002.history"));
    assertFalse(WalSegment.isHistory("000000010000000200000034"));
  }

  private static ServerAddress address(String host, int port) {
    return ServerAddress.of(PostgresSource.newBuilder().setHost(host).setPort(port).build());
  }

  @Test
  void shouldGiveEachServerPlaceOfItsOwn() {
    assertEquals("postgresql/5432", address("", 0).name());
    assertEquals("postgresql/5433", address("/var/run/postgresql", 5433).name());
    assertEquals("postgresql/5432", address("/run/postgresql", 5432).name());
    assertEquals("postgresql/srv/sockets/5432", address("/srv/sockets/", 5432).name());
    assertEquals("postgresql/localhost/5432", address("localhost", 5432).name());
  }

  @Test
  void shouldRefuseHostsThatAreMoreThanNames() {
    for (String host : List.of("a=b", "a,b", "postgres://x", "/a/../b", "a\nb")) {
      assertThrows(HoldfastException.class, () -> address(host, 1), host);
    }
    assertThrows(HoldfastException.class, () -> address("a", 70_000));
  }
}
