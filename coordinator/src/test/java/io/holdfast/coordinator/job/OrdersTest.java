package io.holdfast.coordinator.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.BackupOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrdersTest {
  @Test
  void shouldOrderEachSourceOnceHoweverItWasTyped() {
    BackupOrder typed = order("/etc/", "/srv", "/etc", "/", "//", "/srv");
    assertEquals(order("/etc", "/srv", "/"), Orders.plain(typed));
  }

  private static BackupOrder order(String... sources) {
    return BackupOrder.newBuilder()
        .addAllSources(List.of(sources).stream().map(ByteString::copyFromUtf8).toList())
        .build();
  }
}
