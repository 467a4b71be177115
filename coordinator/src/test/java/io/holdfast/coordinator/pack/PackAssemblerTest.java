package io.holdfast.coordinator.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.SessionId;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.common.sealing.SealedHeader;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.proto.stored.v1.Change;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PackAssemblerTest {
  private final TestRepository repository = TestRepository.begun(1);
  private final TestHost host = TestHost.enrol(repository, "web1");
  private final SessionId first = session();
  private final SessionId second = session();
  private final PackAssembler packs = assembler();
  private final ChunkRef chunk = ref("content");

  @Test
  void shouldSealThePackThatASessionRestsOn() throws InterruptedException {
    CompletableFuture<Long> filled = append(first);
    Optional<CompletableFuture<Long>> rested = packs.rest(host.id(), second, chunk);
    assertEquals(Optional.of(filled), rested);
    packs.flush(second);
    assertTrue(filled.isDone(), "the pack that the second session rests on is registered");
    try (CatalogView view = repository.view()) {
      assertTrue(view.chunks().counts(host.id(), List.of(chunk)).get(0));
    }
  }

  @Test
  void shouldLeaveAloneThePackOfASessionThatNobodyRestsOn() throws InterruptedException {
    CompletableFuture<Long> filled = append(first);
    packs.flush(second);
    assertFalse(filled.isDone());
  }

  @Test
  void shouldKeepAChunkPendingWhereALaterPackHoldsItToo() throws InterruptedException {
    var _ = append(first);
    packs.flush(first);
    assertFalse(packs.isPending(host.id(), chunk));
    var _ = append(first);
    assertTrue(packs.isPending(host.id(), chunk));
    assertFalse(packs.rest(host.id(), second, ref("other")).isPresent());
  }

  private CompletableFuture<Long> append(SessionId session) throws InterruptedException {
    byte[] sealed = host.garbage(ChunkKind.DATA, "content");
    SealedHeader header = SealedHeader.parse(chunk, sealed, 0, sealed.length);
    return packs.append(
        new PackItem(
            host.id(),
            session,
            chunk,
            header,
            PackReader.crc32c(sealed, 0, sealed.length),
            SealedHash.of(sealed, 0, sealed.length),
            ByteBuffer.wrap(sealed)));
  }

  private ChunkRef ref(String content) {
    return host.key(ChunkKind.DATA, content.getBytes(StandardCharsets.UTF_8)).ref();
  }

  private SessionId session() {
    return SessionId.of(repository.randomness().bytes(16));
  }

  private PackAssembler assembler() {
    return new PackAssembler(
        repository.id(),
        repository.vault(),
        new Footers(repository.vault()),
        (registration, footer) ->
            repository
                .journal()
                .append(
                    List.of(
                        MutationSealer.clear(
                            Change.newBuilder().setPackRegistered(registration).build())))
                .thenApply(appended -> appended.slot().seq()),
        footer -> List.of(),
        PackAssembler.Limits.DEFAULT,
        repository.time(),
        repository.randomness(),
        Runnable::run);
  }
}
