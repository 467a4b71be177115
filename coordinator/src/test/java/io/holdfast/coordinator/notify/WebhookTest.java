package io.holdfast.coordinator.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.coordinator.alarm.AlarmChange.Event;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookTest {
  private static final SecretText SECRET = new SecretText("correct horse battery staple");

  private final ManualTime time = new ManualTime(Notices.MONDAY);
  private final HttpSink sink;
  private final Webhook webhook;

  WebhookTest() throws IOException {
    sink = new HttpSink();
    webhook = new Webhook(sink.url("/hook?token=abc"), SECRET, Notices.SENDER, time);
  }

  @AfterEach
  void close() {
    webhook.close();
    sink.close();
  }

  /** As a receiver does it. */
  private static String signature(String timestamp, String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.reveal().getBytes(StandardCharsets.UTF_8), "any"));
    byte[] signed = (timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
    return "v1=" + HexFormat.of().formatHex(mac.doFinal(signed));
  }

  @Test
  void shouldPostSignedJson() throws Exception {
    Notice notice =
        Notices.notice(Notices.change(Event.RAISED, "web"), Notices.change(Event.RESOLVED, "db"));
    webhook.send(notice);
    HttpSink.Request request = sink.requests().getFirst();
    assertEquals("POST", request.method());
    assertEquals("/hook?token=abc", request.path());
    assertEquals(notice.id(), request.headers().get("holdfast-notice-id"));
    String timestamp = request.headers().get("holdfast-timestamp");
    assertEquals(Long.toString(Notices.MONDAY.getEpochSecond()), timestamp);
    assertEquals(signature(timestamp, request.body()), request.headers().get("holdfast-signature"));
    JsonNode json = new ObjectMapper().readTree(request.body());
    assertEquals(1, json.get("version").intValue());
    assertEquals(notice.id(), json.get("id").textValue());
    assertFalse(json.get("test").booleanValue());
    JsonNode first = json.get("changes").get(0);
    assertEquals("raised", first.get("event").textValue());
    assertEquals("host_overdue", first.get("kind").textValue());
    assertEquals("alarm", first.get("severity").textValue());
    assertEquals("2026-03-02T00:00:00Z", first.get("since").textValue());
    assertEquals("web is overdue: \u00fcberf\u00e4llig \"so\"", first.get("summary").textValue());
    assertEquals("nightly", first.get("policy").textValue());
    assertEquals("resolved", json.get("changes").get(1).get("event").textValue());
  }

  @Test
  void shouldSendTheSameNoticeWithANewTimestampAgain() throws Exception {
    Notice notice = Notices.notice(Notices.change(Event.RAISED, "web"));
    webhook.send(notice);
    time.advance(Duration.ofMinutes(10));
    webhook.send(notice);
    HttpSink.Request first = sink.requests().get(0);
    HttpSink.Request second = sink.requests().get(1);
    assertEquals(first.body(), second.body());
    assertNotEquals(
        first.headers().get("holdfast-timestamp"), second.headers().get("holdfast-timestamp"));
    String timestamp = second.headers().get("holdfast-timestamp");
    assertEquals(signature(timestamp, second.body()), second.headers().get("holdfast-signature"));
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 307, 400, 404, 500, 503})
  void shouldTakeNothingButA2xxForTaken(int status) {
    sink.answer(status);
    Notice notice = Notices.notice(Notices.change(Event.RAISED, "web"));
    HoldfastException thrown = assertThrows(HoldfastException.class, () -> webhook.send(notice));
    assertEquals(ErrorCode.NOTIFICATION_FAILED, thrown.code());
    assertTrue(thrown.getMessage().contains("status " + status), thrown.getMessage());
    assertFalse(thrown.getMessage().contains("abc"), "a token of the URL in an error");
    assertEquals(1, sink.requests().size(), "no redirection is followed");
  }

  @Test
  void shouldSayThatNobodyAnswers() {
    URI nobody = sink.url("/hook");
    sink.close();
    try (Webhook lonely = new Webhook(nobody, SECRET, Notices.SENDER, time)) {
      Notice notice = Notice.test("0".repeat(32), Notices.MONDAY);
      HoldfastException thrown = assertThrows(HoldfastException.class, () -> lonely.send(notice));
      assertEquals(ErrorCode.NOTIFICATION_FAILED, thrown.code());
      assertTrue(thrown.getMessage().contains("doesn't answer"), thrown.getMessage());
    }
  }
}
