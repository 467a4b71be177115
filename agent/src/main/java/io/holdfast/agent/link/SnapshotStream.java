package io.holdfast.agent.link;

import com.google.protobuf.ByteString;
import io.holdfast.agent.backup.BackupPorts;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.page.PageCodec;
import io.holdfast.common.rpc.FieldBytes;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.sealing.SealedHeader;
import io.holdfast.common.snapshot.SnapshotContent;
import io.holdfast.proto.wire.v1.CopyPlace;
import io.holdfast.proto.wire.v1.GetChunks;
import io.holdfast.proto.wire.v1.LeafReferences;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadRequest;
import io.holdfast.proto.wire.v1.SealedChunk;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pages and chunks of one snapshot over a read session: opened, and checked by their ids, here.
 * Pages come from the cache where it has them; before chunks of such a page are asked for, the way
 * to it is shown to the coordinator from the root on. One thread.
 */
final class SnapshotStream implements BackupPorts.BaseContent, SnapshotContent {
  /** References of served pages that are counted on: half of what a coordinator keeps in mind. */
  private static final int SERVED_REFERENCES_LIMIT = 131_072;

  /** Copies that one request may say didn't open. */
  private static final int UNOPENED_LIMIT = 2_048;

  private final ReadStream stream;
  private final ChunkOpener opener;
  private final PageCache cache;
  private final LinkedHashMap<ChunkRef, Integer> served = new LinkedHashMap<>(64, 0.75f, true);
  private final PageWays ways;
  private final Beside opening;
  private final ServedCopies copies = new ServedCopies();
  private int servedReferences;
  private long nextRequest = 1;

  /** Opens one more session on the same snapshot, which knows {@code ways}. */
  @FunctionalInterface
  interface Beside {
    SnapshotContent open(PageWays ways) throws InterruptedException;
  }

  /** Takes over {@code stream}, opened, and {@code opener}; for this session alone. */
  SnapshotStream(ReadStream stream, ChunkOpener opener, PageCache cache) {
    this(stream, opener, cache, new PageWays(), null);
  }

  /**
   * Takes over {@code stream}, opened, and {@code opener}.
   *
   * @param ways shared with other sessions on the snapshot
   * @param opening of another one; null if there is none
   */
  SnapshotStream(
      ReadStream stream, ChunkOpener opener, PageCache cache, PageWays ways, Beside opening) {
    this.stream = stream;
    this.opener = opener;
    this.cache = cache;
    this.ways = ways;
    this.opening = opening;
  }

  @Override
  public Optional<SnapshotContent> beside() throws InterruptedException {
    return opening == null ? Optional.empty() : Optional.of(opening.open(ways));
  }

  @Override
  public byte[] read(Reference page) {
    ChunkKey key = new ChunkKey(page.kind(), page.key());
    ChunkRef ref = opener.ref(key);
    Optional<byte[]> cached = cached(key, ref);
    byte[] plaintext = cached.isPresent() ? cached.get() : fetchOpened(key, ref);
    rememberChildren(ref, plaintext);
    return plaintext;
  }

  @Override
  public byte[] chunk(Reference leaf, Reference chunk) throws InterruptedException {
    ChunkKey key = new ChunkKey(chunk.kind(), chunk.key());
    ChunkRef ref = opener.ref(key);
    Map<ChunkRef, List<ChunkRef>> wanted =
        Map.of(opener.ref(new ChunkKey(leaf.kind(), leaf.key())), List.of(ref));
    OneChunk received = new OneChunk();
    chunks(wanted, received);
    while (received.sealed != null) {
      try {
        ByteBuffer sealed = received.sealed;
        return opener.open(
            key, sealed.array(), sealed.arrayOffset() + sealed.position(), sealed.remaining());
      } catch (HoldfastException e) {
        received = new OneChunk();
        again(wanted, received);
        received.failure.addSuppressed(e);
      }
    }
    throw received.failure;
  }

  /** The id of a reference's chunk. */
  ChunkRef id(Reference reference) {
    return opener.ref(new ChunkKey(reference.kind(), reference.key()));
  }

  @Override
  public void chunks(Map<ChunkRef, List<ChunkRef>> wanted, Receiver receiver)
      throws InterruptedException {
    copies.clear();
    request(wanted, receiver);
  }

  @Override
  public void again(Map<ChunkRef, List<ChunkRef>> unopened, Receiver receiver)
      throws InterruptedException {
    Map<ChunkRef, List<ChunkRef>> wanted = new LinkedHashMap<>();
    int asked = 0;
    for (Map.Entry<ChunkRef, List<ChunkRef>> leaf : unopened.entrySet()) {
      for (ChunkRef chunk : leaf.getValue()) {
        if (asked < UNOPENED_LIMIT && copies.didNotOpen(chunk)) {
          asked += copies.unopened(chunk).size();
          wanted.computeIfAbsent(leaf.getKey(), page -> new ArrayList<>()).add(chunk);
        } else {
          receiver.failed(chunk, SnapshotContent.noOtherCopy(chunk));
        }
      }
    }
    if (!wanted.isEmpty()) {
      request(wanted, receiver);
    }
  }

  private void request(Map<ChunkRef, List<ChunkRef>> wanted, Receiver receiver)
      throws InterruptedException {
    GetChunks.Builder request = GetChunks.newBuilder().setNumber(nextRequest++);
    for (Map.Entry<ChunkRef, List<ChunkRef>> leaf : wanted.entrySet()) {
      showWayTo(leaf.getKey());
      request.addLeaves(
          LeafReferences.newBuilder()
              .setPage(ByteString.copyFrom(leaf.getKey().id().toByteArray()))
              .setReferences(encode(leaf.getValue())));
      leaf.getValue().forEach(chunk -> request.addAllUnopened(copies.unopened(chunk)));
    }
    stream.send(ReadRequest.newBuilder().setChunks(request).build());
    while (true) {
      ReadAnswer answer = stream.receive();
      switch (answer.getAnswerCase()) {
        case CHUNK -> {
          ChunkRef chunk = ref(answer.getChunk());
          copies.served(chunk, answer.getChunk());
          receiver.chunk(chunk, FieldBytes.of(answer.getChunk().getSealed()));
        }
        case FAILED ->
            receiver.failed(
                new ChunkRef(
                    ChunkKind.of(answer.getFailed().getKindValue()),
                    ChunkId.of(answer.getFailed().getId().toByteArray())),
                RpcErrors.fromDetail(answer.getFailed().getError()));
        case DONE -> {
          return;
        }
        case OPENED, ANSWER_NOT_SET -> throw stream.unexpected(answer);
      }
    }
  }

  private Optional<byte[]> cached(ChunkKey key, ChunkRef ref) {
    try {
      return cache.find(ref).map(sealed -> open(key, sealed));
    } catch (HoldfastException e) {
      return Optional.empty(); // a damaged cache is as an empty one
    }
  }

  private byte[] open(ChunkKey key, byte[] sealed) {
    return opener.open(key, sealed, 0, sealed.length);
  }

  /** From whatever copy opens. */
  private byte[] fetchOpened(ChunkKey key, ChunkRef page) {
    List<CopyPlace> unopened = new ArrayList<>();
    SealedChunk copy = fetch(page, unopened);
    while (true) {
      try {
        byte[] sealed = copy.getSealed().toByteArray();
        byte[] plaintext = open(key, sealed);
        cache.put(page, sealed);
        return plaintext;
      } catch (HoldfastException e) {
        if (!copy.hasPlace() || unopened.size() >= ServedCopies.UNOPENED_MAX) {
          throw e;
        }
        unopened.add(copy.getPlace());
        copy = another(page, unopened, e);
      }
    }
  }

  private SealedChunk another(ChunkRef page, List<CopyPlace> unopened, HoldfastException why) {
    try {
      return fetch(page, unopened);
    } catch (HoldfastException e) {
      why.addSuppressed(e);
      throw why;
    }
  }

  private SealedChunk fetch(ChunkRef page, List<CopyPlace> unopened) {
    try {
      Optional<ChunkRef> parent = ways.parent(page);
      if (parent.isPresent()) {
        showWayTo(parent.get());
      }
      SealedChunk copy = stream.page(parent, page, unopened);
      remember(page, copy.getSealed().toByteArray());
      return copy;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(ErrorCode.CANCELLED, "reading the snapshot was ended", e);
    }
  }

  /**
   * The coordinator serves only along the way from the root, and pages of the cache it hasn't
   * served.
   */
  private void showWayTo(ChunkRef page) {
    if (served.get(page) == null) {
      var _ = fetch(page, List.of());
    }
  }

  /** The coordinator forgets what was served long ago; this forgets it sooner. */
  private void remember(ChunkRef page, byte[] sealed) {
    int references = references(page, sealed);
    Integer before = served.put(page, references);
    servedReferences += references - (before == null ? 0 : before);
    while (servedReferences > SERVED_REFERENCES_LIMIT && served.size() > 1) {
      servedReferences -= served.pollFirstEntry().getValue();
    }
  }

  /** As far as the bytes tell; they may be anything before they are opened. */
  private static int references(ChunkRef page, byte[] sealed) {
    try {
      return SealedHeader.parse(page, sealed, 0, sealed.length).referenceCount();
    } catch (HoldfastException e) {
      return 0;
    }
  }

  private void rememberChildren(ChunkRef page, byte[] plaintext) {
    for (Reference reference : PageCodec.decode(plaintext).references()) {
      if (reference.kind() == ChunkKind.PAGE) {
        ways.put(opener.ref(new ChunkKey(reference.kind(), reference.key())), page);
      }
    }
  }

  private static ByteString encode(List<ChunkRef> references) {
    ByteString.Output out = ByteString.newOutput(references.size() * ChunkRef.LENGTH);
    for (ChunkRef reference : references) {
      out.write(reference.kind().number());
      byte[] id = reference.id().toByteArray();
      out.write(id, 0, id.length);
    }
    return out.toByteString();
  }

  private static ChunkRef ref(SealedChunk chunk) {
    return new ChunkRef(
        ChunkKind.of(chunk.getKindValue()), ChunkId.of(chunk.getId().toByteArray()));
  }

  @Override
  public void close() {
    stream.close();
    opener.close();
  }

  /** Waits for one chunk. */
  private static final class OneChunk implements Receiver {
    private ByteBuffer sealed;
    private HoldfastException failure =
        new HoldfastException(ErrorCode.CHUNK_NOT_FOUND, "the coordinator did not send the chunk");

    @Override
    public void chunk(ChunkRef chunk, ByteBuffer bytes) {
      sealed = bytes;
    }

    @Override
    public void failed(ChunkRef chunk, HoldfastException cause) {
      failure = cause;
    }
  }
}
