package io.holdfast.common.identity;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * Two TLS engines that talk through memory until both are quiet, on one thread: no sockets, no
 * waiting. In TLS 1.3 a client has finished before the server has seen its certificate, so one byte
 * of content is exchanged each way before the result counts.
 */
final class Handshake {
  private static final int ROUNDS_MAX = 100;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Side client;
  private final Side server;

  private Handshake(SslContext clientContext, SslContext serverContext) {
    client =
        new Side(clientContext.newEngine(ByteBufAllocator.DEFAULT, "coordinator.invalid", 7443));
    server = new Side(serverContext.newEngine(ByteBufAllocator.DEFAULT));
  }

  /** One end; {@code failure} is what it threw, as its owner would see it. */
  private static final class Side {
    final SSLEngine engine;
    final ByteBuffer sent = ByteBuffer.allocate(BUFFER_BYTES);
    final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES);
    boolean spoke;
    boolean moved;
    SSLException failure;

    Side(SSLEngine engine) {
      this.engine = engine;
    }

    void speak() {
      try {
        SSLEngineResult result;
        do {
          runTasks();
          boolean finished = engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
          ByteBuffer content = ByteBuffer.wrap(new byte[finished && !spoke ? 1 : 0]);
          result = engine.wrap(content, sent);
          spoke |= result.bytesConsumed() > 0;
          moved |= result.bytesProduced() > 0;
        } while (result.bytesProduced() > 0 && result.getStatus() == SSLEngineResult.Status.OK);
      } catch (SSLException e) {
        fail(e);
      }
    }

    void hear(ByteBuffer from) {
      from.flip();
      try {
        while (from.hasRemaining()) {
          runTasks();
          SSLEngineResult result = engine.unwrap(from, received);
          moved |= result.bytesConsumed() > 0;
          if (result.bytesConsumed() == 0
              && result.getHandshakeStatus() != HandshakeStatus.NEED_TASK) {
            break;
          }
        }
      } catch (SSLException e) {
        fail(e);
        from.position(from.limit());
      }
      from.compact();
    }

    private void fail(SSLException e) {
      failure = failure == null ? e : failure;
    }

    private void runTasks() {
      for (Runnable task = engine.getDelegatedTask();
          task != null;
          task = engine.getDelegatedTask()) {
        task.run();
      }
    }
  }

  /** How it ended for each; null where it ended well. */
  record Outcome(
      SSLException clientFailure,
      SSLException serverFailure,
      SSLSession clientSession,
      SSLSession serverSession,
      String protocol) {
    boolean succeeded() {
      return clientFailure == null && serverFailure == null;
    }
  }

  static Outcome between(SslContext client, SslContext server) {
    return new Handshake(client, server).run();
  }

  private Outcome run() {
    client.engine.setUseClientMode(true);
    for (int round = 0; round < ROUNDS_MAX; round++) {
      client.moved = false;
      server.moved = false;
      client.speak();
      server.hear(client.sent);
      server.speak();
      client.hear(server.sent);
      if (!client.moved && !server.moved) {
        break;
      }
    }
    Outcome outcome =
        new Outcome(
            client.failure,
            server.failure,
            client.engine.getSession(),
            server.engine.getSession(),
            client.engine.getApplicationProtocol());
    client.engine.closeOutbound();
    server.engine.closeOutbound();
    return outcome;
  }
}
