package io.holdfast.coordinator.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.SnapshotDetails;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotSearchTest {
  private static final String LOG = "postgresql /var/run/postgresql 5432 archive";

  private final HostId db = HostId.of(new byte[16]);
  private final Map<StoredSnapshot, SnapshotDetails> details = new HashMap<>();

  private StoredSnapshot snapshot(int number, String source) {
    byte[] id = new byte[32];
    id[0] = (byte) number;
    StoredSnapshot stored =
        new StoredSnapshot(
            SnapshotId.of(id),
            db,
            number,
            number,
            SnapshotCommitted.getDefaultInstance(),
            Mutation.getDefaultInstance(),
            Optional.empty());
    details.put(
        stored,
        SnapshotDetails.newBuilder()
            .setHostName("db")
            .addSources(ByteString.copyFromUtf8(source))
            .build());
    return stored;
  }

  private SnapshotSearch search(String name) {
    SnapshotSearch search = new SnapshotSearch(SnapshotName.parse(name), details::get);
    details.keySet().forEach(search::look);
    return search;
  }

  @Test
  void theNewestShouldBeNoLogOfADatabase() {
    StoredSnapshot base = snapshot(1, "postgresql /var/run/postgresql 5432");
    StoredSnapshot log = snapshot(2, LOG);
    assertEquals(base, search("latest:db").found("latest:db"));
    assertEquals(base, search("latest").found("latest"));
    assertEquals(log, search("02").found("02"));
  }

  @Test
  void shouldSayThatThereIsOnlyALog() {
    StoredSnapshot _ = snapshot(2, LOG);
    HoldfastException thrown =
        assertThrows(HoldfastException.class, () -> search("latest:db").found("latest:db"));
    assertEquals(ErrorCode.SNAPSHOT_NOT_FOUND, thrown.code());
    assertTrue(thrown.getMessage().contains("log of a database"), thrown::getMessage);
  }
}
