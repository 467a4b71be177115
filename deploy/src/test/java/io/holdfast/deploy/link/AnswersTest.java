package io.holdfast.deploy.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswersTest {
  /** Notes what it is asked for. */
  private static final class Call extends ClientCallStreamObserver<Object> {
    private final List<Integer> requests = new ArrayList<>();
    private final List<String> cancels = new ArrayList<>();

    @Override
    public void disableAutoRequestWithInitial(int count) {
      requests.add(count);
    }

    @Override
    public void request(int count) {
      requests.add(count);
    }

    @Override
    public void cancel(String message, Throwable cause) {
      cancels.add(message);
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void onNext(Object value) {}

    @Override
    public void onError(Throwable why) {}

    @Override
    public void onCompleted() {}
  }

  private final Call call = new Call();
  private final Answers<String> answers = new Answers<>();

  @BeforeEach
  void begin() {
    answers.beforeStart(call);
  }

  @Test
  void shouldAskAheadAndAgainAsTheyAreRead() {
    int half = Answers.AHEAD / 2;
    for (int i = 0; i < Answers.AHEAD; i++) {
      answers.onNext("a" + i);
    }
    for (int i = 0; i < half - 1; i++) {
      assertEquals(Optional.of("a" + i), answers.next());
    }
    assertEquals(List.of(Answers.AHEAD), call.requests);
    assertEquals(Optional.of("a" + (half - 1)), answers.next());
    assertEquals(List.of(Answers.AHEAD, half), call.requests);
  }

  @Test
  void shouldHandOutWhatCameBeforeTheEnd() {
    answers.onNext("one");
    answers.onCompleted();
    assertEquals(Optional.of("one"), answers.next());
    assertEquals(Optional.empty(), answers.next());
  }

  @Test
  void shouldFailBehindWhatCameBefore() {
    answers.onNext("one");
    answers.onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
    assertEquals(Optional.of("one"), answers.next());
    StatusRuntimeException thrown = assertThrows(StatusRuntimeException.class, answers::next);
    assertEquals(Status.Code.UNAVAILABLE, thrown.getStatus().getCode());
    assertEquals("gone", thrown.getStatus().getDescription());
  }

  @Test
  void shouldEndTheWaitOfAnInterruptedReader() {
    Thread.currentThread().interrupt();
    StatusRuntimeException thrown = assertThrows(StatusRuntimeException.class, answers::next);
    assertTrue(Thread.interrupted());
    assertEquals(Status.Code.CANCELLED, thrown.getStatus().getCode());
  }

  @Test
  void shouldCancelTheCallThatNobodyReads() {
    answers.cancel();
    assertEquals(List.of("nobody reads on"), call.cancels);
  }
}
