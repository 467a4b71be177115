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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A port that agents or people connect to. Closed by who made it. */
public final class FleetServer implements AutoCloseable {
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  /**
   * Threads for what comes before a call has one of its own: the signatures of TLS, and the door.
   * None of it waits, so more than this would only be in each other's way; by itself gRPC starts
   * one for each of ten thousand hosts that come at once.
   */
  private static final int DOOR_THREADS_MIN = 8;

  private static final int DOOR_THREADS_A_PROCESSOR = 4;

  private final Server server;
  private final String address;
  private final ExecutorService doors;
  private final Runnable stopping;

  private FleetServer(Server server, String address, ExecutorService doors, Runnable stopping) {
    this.server = server;
    this.address = address;
    this.doors = doors;
    this.stopping = stopping;
  }

  /**
   * One with {@code services} that doesn't listen yet.
   *
   * @param stopping ends the calls that would never end by themselves; no call begins after it
   */
  public static FleetServer of(
      NettyServerBuilder builder,
      List<BindableService> services,
      String address,
      Runnable stopping) {
    services.forEach(service -> builder.addService(parsedBehindTheDoor(service)));
    ExecutorService doors = doors();
    return new FleetServer(builder.executor(doors).build(), address, doors, stopping);
  }

  /** Listens from now on, once. UNAVAILABLE if the address can't be had. */
  public FleetServer listen() {
    try {
      server.start();
      return this;
    } catch (IOException e) {
      doors.shutdown();
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

  private static ExecutorService doors() {
    int processors = Runtime.getRuntime().availableProcessors();
    return Executors.newFixedThreadPool(
        Math.max(DOOR_THREADS_MIN, DOOR_THREADS_A_PROCESSOR * processors),
        Thread.ofPlatform().daemon().name("door-", 0).factory());
  }

  /** So that the door sees when a message can't be parsed, and says so by an error with a type. */
  static ServerServiceDefinition parsedBehindTheDoor(BindableService service) {
    return ServerInterceptors.useMarshalledMessages(
        service.bindService(), UnparsedMessages.INSTANCE);
  }

  /** Where it listens; IllegalStateException before it does. */
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
        server.awaitTermination(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.shutdownNow();
    } finally {
      doors.shutdown();
    }
  }
}
