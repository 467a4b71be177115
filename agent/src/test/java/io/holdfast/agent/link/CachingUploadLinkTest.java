package io.holdfast.agent.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.holdfast.agent.backup.UploadLink;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.Query;
import io.holdfast.proto.wire.v1.Upload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CachingUploadLinkTest {
  private final Map<ChunkRef, byte[]> kept = new HashMap<>();
  private final List<BackupRequest> sent = new ArrayList<>();

  private final PageCache cache =
      new PageCache() {
        @Override
        public Optional<byte[]> find(ChunkRef page) {
          return Optional.ofNullable(kept.get(page));
        }

        @Override
        public void put(ChunkRef page, byte[] sealed) {
          kept.put(page, sealed);
        }
      };

  private final UploadLink link =
      new UploadLink() {
        @Override
        public void send(BackupRequest request) {
          sent.add(request);
        }

        @Override
        public BackupAnswer receive() {
          throw new AssertionError("nobody asked");
        }

        @Override
        public void close() {}
      };

  private static BackupRequest upload(ChunkKind kind, int id, String sealed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) id;
    return BackupRequest.newBuilder()
        .setUpload(
            Upload.newBuilder()
                .setKindValue(kind.number())
                .setId(ByteString.copyFrom(bytes))
                .setSealed(ByteString.copyFromUtf8(sealed)))
        .build();
  }

  @Test
  void shouldKeepPagesAndSendEverything() throws InterruptedException {
    List<BackupRequest> all =
        List.of(
            upload(ChunkKind.DATA, 1, "data"),
            upload(ChunkKind.PAGE, 2, "page"),
            BackupRequest.newBuilder().setQuery(Query.getDefaultInstance()).build());
    try (UploadLink caching = new CachingUploadLink(link, cache)) {
      for (BackupRequest request : all) {
        caching.send(request);
      }
    }
    assertEquals(all, sent);
    byte[] id = new byte[32];
    id[0] = 2;
    ChunkRef page = new ChunkRef(ChunkKind.PAGE, ChunkId.of(id));
    assertEquals(Set.of(page), kept.keySet());
    assertArrayEquals("page".getBytes(StandardCharsets.UTF_8), kept.get(page));
  }
}
