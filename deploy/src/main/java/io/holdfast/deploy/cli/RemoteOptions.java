package io.holdfast.deploy.cli;

import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.config.Environment;
import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.AccessToken;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.deploy.link.Remote;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which coordinator on another machine is called, and by which token; or none. */
final class RemoteOptions {
  static final String COORDINATOR_VARIABLE = "HOLDFAST_COORDINATOR";
  static final String TOKEN_VARIABLE = "HOLDFAST_ACCESS_TOKEN_FILE";
  static final String CA_VARIABLE = "HOLDFAST_CA_FILE";

  private static final int TOKEN_BYTES_MAX = 8 << 10;

  @Option(
      names = "--coordinator",
      paramLabel = "HOST:PORT",
      converter = HostPortOption.class,
      description =
          "A coordinator elsewhere, by its admin.listen (default: the one HOLDFAST_COORDINATOR or"
              + " client.yaml names, else the socket on this machine).")
  private HostPort coordinator;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "File with your access token for it (default: the one HOLDFAST_ACCESS_TOKEN_FILE or"
              + " client.yaml names).")
  private Path tokenFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "The fleet's root certificate (default: the one HOLDFAST_CA_FILE or client.yaml names,"
              + " else the one that the token was made for).")
  private Path ca;

  /** Where to call; empty for the socket on this machine, which {@code socketNamed} prefers. */
  Optional<Remote> find(Environment environment, boolean socketNamed) {
    if (coordinator == null && socketNamed) {
      return Optional.empty();
    }
    Optional<HostPort> named =
        Optional.ofNullable(coordinator)
            .or(() -> environment.find(COORDINATOR_VARIABLE).map(HostPort::parse));
    if (named.isEmpty() && environment.find(GlobalOptions.SOCKET_VARIABLE).isPresent()) {
      return Optional.empty();
    }
    ClientConfig config = config(environment);
    return named.or(config::coordinator).map(at -> remote(at, config, environment));
  }

  private Remote remote(HostPort at, ClientConfig config, Environment environment) {
    Path file =
        Optional.ofNullable(tokenFile)
            .or(() -> environment.find(TOKEN_VARIABLE).map(Path::of))
            .or(config::tokenFile)
            .orElseThrow(() ->
                new HoldfastException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the coordinator at "
                        + at
                        + " wants to know who calls: pass --token-file FILE, with the access token"
                        + " that `holdfast user token create` made for you"));
    SecretText text = new SecretText(read(file));
    try (AccessToken token = AccessToken.parse(text.reveal())) {
      FleetTrust trust =
          Optional.ofNullable(ca)
              .or(() -> environment.find(CA_VARIABLE).map(Path::of))
              .or(config::ca)
              .map(roots -> FleetTrust.following(PemFiles.readCertificates(roots)))
              .orElseGet(() -> FleetTrust.following(token.root()));
      return new Remote(at, text, trust);
    }
  }

  private static String read(Path file) {
    InputFile.check("access token file", file);
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(TOKEN_BYTES_MAX), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "cannot read the access token from " + file + " (" + e + ")", e);
    }
  }

  /** The person's own file, where there is one. */
  private static ClientConfig config(Environment environment) {
    return environment
        .find("XDG_CONFIG_HOME")
        .map(Path::of)
        .or(() -> environment.find("HOME").map(home -> Path.of(home, ".config")))
        .map(home -> home.resolve("holdfast/client.yaml"))
        .filter(Files::isReadable)
        .map(file ->
            new ConfigLoader<>(ClientConfig.class, environment).load(file, List.of()).value())
        .orElse(ClientConfig.NONE);
  }
}
