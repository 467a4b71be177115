package io.holdfast.coordinator.notify;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Requests of which only the status of the answer matters. Any thread. */
final class Http implements AutoCloseable {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_WITHIN)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** Returns if {@code uri} answered with a 2xx; NOTIFICATION_FAILED that names {@code target}. */
  void send(URI uri, String target, UnaryOperator<HttpRequest.Builder> request)
      throws InterruptedException {
    HttpRequest asked = request.apply(HttpRequest.newBuilder(uri).timeout(ANSWER_WITHIN)).build();
    int status;
    try {
      status = client.send(asked, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw failed(target, "doesn't answer (" + why + "); check the address and the network", e);
    }
    if (status < 200 || status > 299) {
      throw failed(target, "answered with status " + status + "; look into its log", null);
    }
  }

  private static HoldfastException failed(String target, String why, IOException cause) {
    return new HoldfastException(ErrorCode.NOTIFICATION_FAILED, target + " " + why, cause);
  }

  /** Scheme, host and port: paths and queries often hold a secret. */
  static String shown(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
