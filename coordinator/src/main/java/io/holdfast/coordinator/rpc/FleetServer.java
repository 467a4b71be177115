package io.holdfast.coordinator.rpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The port that agents connect to, listening. Closed by who opened it. */
public final class FleetServer implements AutoCloseable {
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final Server server;
  private final Runnable stopping;

  private FleetServer(Server server, Runnable stopping) {
    this.server = server;
    this.stopping = stopping;
  }

  /**
   * Listens with {@code services}. UNAVAILABLE if the address can't be had.
   *
   * @param stopping ends the calls that would never end by themselves; no call begins after it
   */
  public static FleetServer start(
      NettyServerBuilder builder,
      List<BindableService> services,
      String address,
      Runnable stopping) {
    services.forEach(service -> builder.addService(parsedBehindTheDoor(service)));
    try {
      return new FleetServer(builder.build().start(), stopping);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE,
          "can't listen on "
              + address
              + ": "
              + e.getMessage()
              + "; is another coordinator running here? Set `listen` to another port",
          e);
    }
  }

  /** So that the door sees when a message can't be parsed, and says so by an error with a type. */
  static ServerServiceDefinition parsedBehindTheDoor(BindableService service) {
    return ServerInterceptors.useInputStreamMessages(service.bindService());
  }

  public int port() {
    return server.getPort();
  }

  /** Lets calls end for a while, then ends them. */
  @Override
  public void close() {
    server.shutdown();
    stopping.run();
    try {
      if (!server.awaitTermination(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.shutdownNow();
    }
  }
}
