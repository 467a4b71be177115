package io.holdfast.coordinator.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.rpc.RequestStream;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.ingest.References;
import io.holdfast.proto.wire.v1.ChunkFailed;
import io.holdfast.proto.wire.v1.ChunksDone;
import io.holdfast.proto.wire.v1.CopyPlace;
import io.holdfast.proto.wire.v1.GetChunks;
import io.holdfast.proto.wire.v1.GetPage;
import io.holdfast.proto.wire.v1.LeafReferences;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadOpened;
import io.holdfast.proto.wire.v1.ReadRequest;
import io.holdfast.proto.wire.v1.SealedChunk;
import io.holdfast.proto.wire.v1.UnopenedCopy;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One session: one snapshot, read by one host. One thread. */
final class ReadSession {
  /** Chunks in one request. */
  private static final int CHUNKS_LIMIT = 65_536;

  private static final int PACK_ID_BYTES = 16;

  private final ReadPorts ports;
  private final HostId reader;
  private final RequestStream<ReadRequest, ReadAnswer> stream;
  private final ServedPages served = new ServedPages();
  private ReadableSnapshot snapshot;

  ReadSession(ReadPorts ports, HostId reader, RequestStream<ReadRequest, ReadAnswer> stream) {
    this.ports = ports;
    this.reader = reader;
    this.stream = stream;
  }

  void run() throws InterruptedException {
    for (Optional<ReadRequest> next = stream.next(); next.isPresent(); next = stream.next()) {
      handle(next.get());
    }
  }

  private void handle(ReadRequest request) throws InterruptedException {
    switch (request.getRequestCase()) {
      case OPEN -> {
        snapshot = ports.access().open(reader, request.getOpen());
        stream.send(ReadAnswer.newBuilder().setOpened(opened()).build());
      }
      case PAGE -> page(request.getPage());
      case CHUNKS -> chunks(request.getChunks());
      case REQUEST_NOT_SET -> throw outOfOrder();
    }
  }

  private ReadOpened opened() {
    return ReadOpened.newBuilder()
        .setAuthority(ports.authority().get())
        .setRoot(ByteString.copyFrom(snapshot.root().id().toByteArray()))
        .setRun(ByteString.copyFrom(snapshot.run().toByteArray()))
        .setHost(ByteString.copyFrom(snapshot.host().toByteArray()))
        .setRootForHost(snapshot.rootForReader())
        .setAadHost(ByteString.copyFrom(snapshot.aadHost().toByteArray()))
        .setAadRun(ByteString.copyFrom(snapshot.aadRun().toByteArray()))
        .setGeneration(ports.generation().getAsInt())
        .build();
  }

  private void page(GetPage request) throws InterruptedException {
    ChunkRef page = named(request.getId());
    requireReachable(page, request.getParent());
    UnopenedCopies unopened = new UnopenedCopies();
    requireFew(request.getUnopenedCount());
    request.getUnopenedList().forEach(place -> add(unopened, page, place));
    serve(0, List.of(page), unopened);
  }

  private void requireReachable(ChunkRef page, ByteString parent) {
    if (opened(page)) {
      return;
    }
    boolean named = !parent.isEmpty() && references(named(parent)).contains(page);
    if (!named) {
      throw notReachable(page);
    }
  }

  private ChunkRef named(ByteString pageId) {
    if (pageId.size() != Bytes32.LENGTH) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "host " + reader + " asked for a page by an id of " + pageId.size() + " bytes");
    }
    return new ChunkRef(ChunkKind.PAGE, ChunkId.of(pageId.toByteArray()));
  }

  private boolean opened(ChunkRef page) {
    if (snapshot == null) {
      throw outOfOrder();
    }
    return page.equals(snapshot.root());
  }

  /** What a page refers to, if this session may know: it was served. */
  private Set<ChunkRef> references(ChunkRef page) {
    return served.references(page).orElseThrow(() -> notReachable(page));
  }

  private void chunks(GetChunks request) throws InterruptedException {
    if (snapshot == null) {
      throw outOfOrder();
    }
    serve(request.getNumber(), wanted(request), unopened(request));
    stream.send(
        ReadAnswer.newBuilder()
            .setDone(ChunksDone.newBuilder().setNumber(request.getNumber()))
            .build());
  }

  private List<ChunkRef> wanted(GetChunks request) {
    Set<ChunkRef> wanted = new LinkedHashSet<>();
    for (LeafReferences leaf : request.getLeavesList()) {
      Set<ChunkRef> known = references(named(leaf.getPage()));
      for (ChunkRef chunk : References.parse(leaf.getReferences(), CHUNKS_LIMIT)) {
        if (!known.contains(chunk)) {
          throw notReachable(chunk);
        }
        wanted.add(chunk);
      }
      if (wanted.size() > CHUNKS_LIMIT) {
        throw new HoldfastException(
            ErrorCode.MESSAGE_TOO_LARGE, "more than " + CHUNKS_LIMIT + " chunks in one request");
      }
    }
    return List.copyOf(wanted);
  }

  /** Of chunks that aren't wanted here nothing is believed, nor answered. */
  private static UnopenedCopies unopened(GetChunks request) {
    requireFew(request.getUnopenedCount());
    UnopenedCopies unopened = new UnopenedCopies();
    for (UnopenedCopy copy : request.getUnopenedList()) {
      add(unopened, chunk(copy), copy.getPlace());
    }
    return unopened;
  }

  private static ChunkRef chunk(UnopenedCopy copy) {
    ByteString kind = ByteString.copyFrom(new byte[] {(byte) copy.getKindValue()});
    List<ChunkRef> one = References.parse(kind.concat(copy.getId()), 1);
    if (one.size() != 1) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "a copy that is said not to open is of no chunk");
    }
    return one.getFirst();
  }

  private static void add(UnopenedCopies unopened, ChunkRef chunk, CopyPlace place) {
    if (place.getPack().size() != PACK_ID_BYTES) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "a copy that is said not to open lies in no pack");
    }
    unopened.add(chunk, PackId.of(place.getPack().toByteArray()), place.getEntry());
  }

  private static void requireFew(int count) {
    if (count > UnopenedCopies.LIMIT) {
      throw new HoldfastException(
          ErrorCode.MESSAGE_TOO_LARGE,
          "more than " + UnopenedCopies.LIMIT + " copies in one request are said not to open");
    }
  }

  /** Sends each chunk as it is read; one that can't be had is named and the rest goes on. */
  private void serve(long number, List<ChunkRef> chunks, UnopenedCopies unopened)
      throws InterruptedException {
    ports
        .chunks()
        .read(
            snapshot.host(),
            chunks,
            unopened,
            new ChunkReads.Receiver() {
              @Override
              public void chunk(
                  ChunkRef chunk, ByteBuffer sealed, Location at, List<ChunkRef> references)
                  throws InterruptedException {
                served.add(chunk, references);
                send(number, chunk, sealed, at);
              }

              @Override
              public void failed(ChunkRef chunk, HoldfastException cause)
                  throws InterruptedException {
                sendFailure(number, chunk, cause);
              }
            });
  }

  private void send(long number, ChunkRef chunk, ByteBuffer sealed, Location at)
      throws InterruptedException {
    stream.send(
        ReadAnswer.newBuilder()
            .setChunk(
                SealedChunk.newBuilder()
                    .setNumber(number)
                    .setKindValue(chunk.kind().number())
                    .setId(ByteString.copyFrom(chunk.id().toByteArray()))
                    .setPlace(
                        CopyPlace.newBuilder()
                            .setPack(ByteString.copyFrom(at.pack().toByteArray()))
                            .setEntry(at.entry()))
                    .setSealed(UnsafeByteOperations.unsafeWrap(sealed)))
            .build());
  }

  private void sendFailure(long number, ChunkRef chunk, HoldfastException cause)
      throws InterruptedException {
    stream.send(
        ReadAnswer.newBuilder()
            .setFailed(
                ChunkFailed.newBuilder()
                    .setNumber(number)
                    .setKindValue(chunk.kind().number())
                    .setId(ByteString.copyFrom(chunk.id().toByteArray()))
                    .setError(RpcErrors.detail(cause)))
            .build());
  }

  private HoldfastException notReachable(ChunkRef chunk) {
    ports.meter().refused();
    return new HoldfastException(
        ErrorCode.PAGE_NOT_REACHABLE,
        chunk + " is not on the way from the root of the snapshot that host " + reader + " opened");
  }

  private HoldfastException outOfOrder() {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT, "the read session of host " + reader + " is out of order");
  }
}
