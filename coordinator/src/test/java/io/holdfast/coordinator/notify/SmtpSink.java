package io.holdfast.coordinator.notify;

import io.holdfast.common.config.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * As much of a mail server (RFC 5321) as a client that sends mail in clear needs, on loopback. It
 * keeps what it takes; it can be told to take none.
 */
final class SmtpSink implements AutoCloseable {
  /** A mail with its envelope. */
  record Mail(String from, List<String> to, String text) {
    String header(String name) {
      return text.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .findFirst()
          .map(line -> line.substring(name.length() + 1).strip())
          .orElse("");
    }
  }

  private final ServerSocket server;
  private final Thread thread;
  private final List<Mail> mails = new CopyOnWriteArrayList<>();
  private volatile boolean refuses;

  SmtpSink() throws IOException {
    server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    thread = Thread.ofPlatform().name("smtp-sink").daemon().start(this::serve);
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.getLocalPort());
  }

  List<Mail> mails() {
    return List.copyOf(mails);
  }

  /** From here on mails are answered with a passing failure, or taken again. */
  void refuse(boolean refuse) {
    refuses = refuse;
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        converse(client);
      } catch (IOException e) {
        // The test closed it, or a client left: the next one, if there is one.
      }
    }
  }

  private void converse(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(client.getOutputStream(), true, StandardCharsets.UTF_8);
    say(out, "220 sink ready");
    String from = "";
    List<String> to = new ArrayList<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String verb = line.toUpperCase(Locale.ROOT);
      if (verb.startsWith("EHLO") || verb.startsWith("HELO")) {
        say(out, "250 sink");
      } else if (verb.startsWith("MAIL FROM:")) {
        from = address(line);
        say(out, "250 ok");
      } else if (verb.startsWith("RCPT TO:")) {
        to.add(address(line));
        say(out, refuses ? "451 try again later" : "250 ok");
      } else if (verb.equals("DATA")) {
        say(out, "354 end with a dot");
        mails.add(new Mail(from, List.copyOf(to), data(in)));
        say(out, "250 taken");
      } else if (verb.equals("QUIT")) {
        say(out, "221 bye");
        return;
      } else {
        say(out, "250 ok");
      }
    }
  }

  private static String data(BufferedReader in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      text.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
    }
    return text.toString();
  }

  private static String address(String line) {
    return line.replaceAll(".*<([^>]*)>.*", "$1");
  }

  private static void say(PrintStream out, String line) {
    out.print(line + "\r\n");
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    thread.interrupt();
  }
}
