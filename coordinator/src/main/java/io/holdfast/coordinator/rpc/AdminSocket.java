package io.holdfast.coordinator.rpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The local socket of operators. The file's permissions are the authentication: it is made for its
 * owner only, inside a directory that was there or is made for its owner only.
 */
public final class AdminSocket implements AutoCloseable {
  private static final long STOP_SECONDS = 5;

  private final Path path;
  private final MultiThreadIoEventLoopGroup loops;
  private final Server server;

  private AdminSocket(Path path, MultiThreadIoEventLoopGroup loops, Server server) {
    this.path = path;
    this.loops = loops;
    this.server = server;
  }

  /**
   * Listens with {@code services}, all of whose calls pass {@code door}. A socket file that nobody
   * listens on any more is replaced. IO if that fails.
   */
  public static AdminSocket open(Path path, List<BindableService> services, PeopleDoor door) {
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      prepare(path);
      NettyServerBuilder builder =
          NettyServerBuilder.forAddress(new DomainSocketAddress(path.toFile()))
              .channelType(EpollServerDomainSocketChannel.class)
              .bossEventLoopGroup(loops)
              .workerEventLoopGroup(loops)
              .maxInboundMessageSize(FleetListener.MESSAGE_BYTES_MAX)
              .intercept(door);
      services.forEach(builder::addService);
      Server server = builder.build().start();
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      return new AdminSocket(path, loops, server);
    } catch (IOException e) {
      var _ = loops.shutdownGracefully();
      throw new HoldfastException(
          ErrorCode.IO,
          "the admin socket "
              + path
              + " can't be opened: "
              + e.getMessage()
              + "; check its directory, or set admin.socket",
          e);
    }
  }

  private static void prepare(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.deleteIfExists(path); // whoever holds the data directory's lock is the only one to listen
  }

  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
      Files.deleteIfExists(path);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.shutdownNow();
    } catch (IOException e) {
      // A stale file is replaced at the next start.
      server.shutdownNow();
    } finally {
      var _ = loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    }
  }
}
