package io.holdfast.coordinator.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves {@code /metrics} (OpenMetrics to who asks for it, else the older text), {@code /healthz}
 * (200 while the process runs) and {@code /readyz} (200 or 503, with the cause in the body). Two
 * threads, named "metrics-": a third caller waits.
 */
public final class MetricsServer implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int BACKLOG = 16;
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** What a path answers. */
  private record Answer(int status, String contentType, String body) {}

  private interface Page {
    Answer answer(HttpExchange exchange);
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private MetricsServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /** Listens from now on; UNAVAILABLE if the port is taken or the address isn't this machine's. */
  public static MetricsServer start(
      MetricsConfig config, Metrics metrics, Supplier<Readiness> readiness) {
    HttpServer server = bind(config);
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("metrics-", 1).daemon().factory());
    server.setExecutor(threads);
    serve(server, "/metrics", exchange -> metrics(metrics, exchange));
    serve(server, "/healthz", exchange -> new Answer(200, PLAIN, "ok\n"));
    serve(server, "/readyz", exchange -> ready(readiness.get()));
    server.start();
    return new MetricsServer(server, threads);
  }

  private static HttpServer bind(MetricsConfig config) {
    InetSocketAddress address = new InetSocketAddress(config.address(), config.port());
    if (address.isUnresolved()) {
      throw unavailable(config, "there is no such address", null);
    }
    try {
      return HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw unavailable(config, e.getMessage(), e);
    }
  }

  private static HoldfastException unavailable(MetricsConfig config, String cause, IOException e) {
    return new HoldfastException(
        ErrorCode.UNAVAILABLE,
        "can't serve metrics at "
            + config.address()
            + ":"
            + config.port()
            + ": "
            + cause
            + "; give metrics another address or port",
        e);
  }

  private static void serve(HttpServer server, String path, Page page) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            send(exchange, isExactly(exchange, path) ? allowed(exchange, page) : notFound());
          }
        });
  }

  private static boolean isExactly(HttpExchange exchange, String path) {
    return exchange.getRequestURI().getPath().equals(path);
  }

  private static Answer allowed(HttpExchange exchange, Page page) {
    return switch (exchange.getRequestMethod()) {
      case "GET", "HEAD" -> page.answer(exchange);
      default -> new Answer(405, PLAIN, "only GET and HEAD\n");
    };
  }

  private static Answer notFound() {
    return new Answer(404, PLAIN, "there are /metrics, /healthz and /readyz\n");
  }

  private static Answer metrics(Metrics metrics, HttpExchange exchange) {
    String contentType =
        TextFormat.chooseContentType(exchange.getRequestHeaders().getFirst("Accept"));
    return new Answer(200, contentType, metrics.scrape(contentType));
  }

  private static Answer ready(Readiness readiness) {
    return new Answer(readiness.ready() ? 200 : 503, PLAIN, readiness.cause() + "\n");
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Where it listens: of use if the port was given as 0. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Stops at once; a scrape under way is cut off. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
