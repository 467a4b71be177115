package io.holdfast.deploy.cli;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Scripted services for people on a real Unix socket, by epoll as a coordinator on Linux. */
final class AdminSocket implements AutoCloseable {
  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ScriptedAdmin admin = new ScriptedAdmin();
  private final Path path;
  private final Server server;

  private AdminSocket(Path path) throws IOException {
    this.path = path;
    this.server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(path.toFile()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(eventLoop)
            .workerEventLoopGroup(eventLoop)
            .addService(admin)
            .addService(new ScriptedPeople(admin))
            .addService(new ScriptedAudit(admin))
            .addService(new ScriptedKeys(admin))
            .build()
            .start();
  }

  static AdminSocket listen(Path path) throws IOException {
    return new AdminSocket(path);
  }

  ScriptedAdmin admin() {
    return admin;
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    server.shutdownNow();
    eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
