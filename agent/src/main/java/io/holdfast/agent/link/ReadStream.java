package io.holdfast.agent.link;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.proto.wire.v1.CopyPlace;
import io.holdfast.proto.wire.v1.GetPage;
import io.holdfast.proto.wire.v1.OpenRead;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadOpened;
import io.holdfast.proto.wire.v1.ReadRequest;
import io.holdfast.proto.wire.v1.SealedChunk;
import java.util.List;
import java.util.Optional;

/** A read session: one request after another. One thread. */
final class ReadStream implements AutoCloseable {
  private final ReadLink link;

  ReadStream(ReadLink link) {
    this.link = link;
  }

  ReadOpened open(OpenRead request) throws InterruptedException {
    send(ReadRequest.newBuilder().setOpen(request).build());
    ReadAnswer answer = receive();
    if (!answer.hasOpened()) {
      throw unexpected(answer);
    }
    return answer.getOpened();
  }

  /** What the snapshot may hold is opened by these: the newest generation is among them now. */
  static void learn(ReadOpened opened, ChunkGenerations generations) {
    if (opened.getGeneration() != 0) {
      var _ = generations.get(opened.getGeneration());
    }
  }

  /**
   * The sealed page {@code page}, which {@code parent} refers to; the root has none.
   *
   * @param unopened copies of it that came before and didn't open
   */
  SealedChunk page(Optional<ChunkRef> parent, ChunkRef page, List<CopyPlace> unopened)
      throws InterruptedException {
    GetPage.Builder request =
        GetPage.newBuilder()
            .setId(ByteString.copyFrom(page.id().toByteArray()))
            .addAllUnopened(unopened);
    parent.ifPresent(above -> request.setParent(ByteString.copyFrom(above.id().toByteArray())));
    send(ReadRequest.newBuilder().setPage(request).build());
    ReadAnswer answer = receive();
    return switch (answer.getAnswerCase()) {
      case CHUNK -> {
        if (answer.getChunk().getKindValue() != ChunkKind.PAGE.number()) {
          throw unexpected(answer);
        }
        yield answer.getChunk();
      }
      case FAILED -> throw RpcErrors.fromDetail(answer.getFailed().getError());
      case OPENED, DONE, ANSWER_NOT_SET -> throw unexpected(answer);
    };
  }

  void send(ReadRequest request) throws InterruptedException {
    link.send(request);
  }

  ReadAnswer receive() throws InterruptedException {
    return link.receive();
  }

  HoldfastException unexpected(ReadAnswer answer) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        "the "
            + link.peer()
            + " answered a read with "
            + answer.getAnswerCase().name().toLowerCase(java.util.Locale.ROOT)
            + "; are both sides of one version?");
  }

  @Override
  public void close() {
    link.close();
  }
}
