package io.holdfast.coordinator.notify;

import io.holdfast.common.config.SecretText;
import io.holdfast.common.seam.Time;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts notices as JSON, signed:
 *
 * <pre>
 * Holdfast-Notice-Id   the notice's id: known before, already seen
 * Holdfast-Timestamp   seconds since 1970 of this attempt: refuse what is older than some minutes
 * Holdfast-Signature   v1=HMAC-SHA-256 over timestamp, ".", body; 64 hexadecimal digits
 * </pre>
 */
final class Webhook implements Channel {
  private static final String ALGORITHM = "HmacSHA256";

  private final URI url;
  private final SecretText secret;
  private final Sender sender;
  private final Time time;
  private final Http http = new Http();

  Webhook(URI url, SecretText secret, Sender sender, Time time) {
    this.url = url;
    this.secret = secret;
    this.sender = sender;
    this.time = time;
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public String target() {
    return Http.shown(url);
  }

  @Override
  public void send(Notice notice) throws InterruptedException {
    byte[] body = NoticeJson.write(notice, sender);
    String timestamp = Long.toString(time.now().getEpochSecond());
    http.send(
        url,
        target(),
        request ->
            request
                .header("Content-Type", "application/json")
                .header("User-Agent", "holdfast")
                .header("Holdfast-Notice-Id", notice.id())
                .header("Holdfast-Timestamp", timestamp)
                .header("Holdfast-Signature", "v1=" + signature(timestamp, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private String signature(String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      byte[] key = secret.reveal().getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(timestamp.getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) '.');
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
