package io.holdfast.common.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of the loopback address on which nobody listens. They lie below those that Linux gives to
 * outgoing connections (32768 to 60999, ip(7), {@code ip_local_port_range}), so that none is taken
 * by a connection before who asked for it listens; and a process gives none twice. Thread-safe.
 */
public final class Ports {
  private static final int FIRST = 16_384;
  private static final int COUNT = 16_384;

  /** Processes that test at the same time begin at different places. */
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 613 % COUNT));

  private Ports() {}

  public static int free() {
    for (int i = 0; i < COUNT; i++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " on");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
