package io.holdfast.deploy.path;

import io.holdfast.agent.enrolment.Enrolment;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.AccessToken;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.testkit.Ports;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.coordinator.node.CoordinatorNode;
import io.holdfast.coordinator.node.Founding;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.link.Remote;
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.HostFacts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A fleet of one coordinator in a directory. One thread. */
public final class Fleet implements AutoCloseable {
  public static final String PASSPHRASE = "correct horse battery staple";

  public final Path root;
  public final Time time;
  public final Randomness randomness = Randomness.secure();
  public final CoordinatorConfig config;
  private final boolean proving;
  private CoordinatorNode node;

  private Fleet(Path root, Time time, boolean proving, String more) throws IOException {
    this.root = root;
    this.time = time;
    this.proving = proving;
    Files.createDirectories(vault());
    int port = Ports.free();
    String text =
        """
        version: 1
        data_dir: %s
        listen: 127.0.0.1:%d
        advertise: [localhost:%d]
        admin:
          socket: %s
          listen: 127.0.0.1:%d
        metrics:
          listen: 127.0.0.1:%d
        proof:
          enabled: %s
        gc:
          enabled: false
          quarantine: 1h
        packs:
          data_target: 1 MiB
          page_target: 1 MiB
        vault:
          directory: %s
        """
            .formatted(
                root.resolve("coordinator"),
                port,
                port,
                socket(),
                Ports.free(),
                Ports.free(),
                proving,
                vault());
    config =
        new ConfigLoader<>(CoordinatorConfig.class, name -> Optional.empty())
            .parse("test", text + more, List.of())
            .value();
  }

  /** Founds a fleet in {@code root} and starts its coordinator. */
  public static Fleet found(Path root) throws Exception {
    return found(root, Time.system());
  }

  /** As {@link #found(Path)}, by the clocks of {@code time}. */
  public static Fleet found(Path root, Time time) throws Exception {
    return found(new Fleet(root, time, false, ""));
  }

  /** As {@link #found(Path)}, with a coordinator that proves what is stored. */
  static Fleet proving(Path root) throws Exception {
    return found(new Fleet(root, Time.system(), true, ""));
  }

  /** As {@link #proving}, by the clocks of {@code time}, configured with {@code more} lines. */
  public static Fleet proving(Path root, Time time, String more) throws Exception {
    return found(new Fleet(root, time, true, more));
  }

  /** As {@link #proving(Path)}, of a private repository. */
  static Fleet ofPrivateHosts(Path root, Time time) throws Exception {
    Fleet fleet = new Fleet(root, time, true, "");
    return found(fleet, RepositoryMode.REPOSITORY_MODE_PRIVATE);
  }

  private static Fleet found(Fleet fleet) throws Exception {
    return found(fleet, RepositoryMode.REPOSITORY_MODE_SHARED);
  }

  private static Fleet found(Fleet fleet, RepositoryMode mode) throws Exception {
    try (Passphrase passphrase = Passphrase.of(PASSPHRASE.toCharArray())) {
      new Founding(fleet.config, fleet.time, fleet.randomness).make(passphrase, mode);
    }
    fleet.start();
    return fleet;
  }

  /** A copy in {@code root} of a fleet that is stopped; stopped as well. */
  public static Fleet copyOf(Fleet original, Path root) throws IOException {
    return copyOf(original, root, original.time);
  }

  /** As {@link #copyOf(Fleet, Path)}, by the clocks of {@code time}. */
  public static Fleet copyOf(Fleet original, Path root, Time time) throws IOException {
    try (Stream<Path> all = Files.walk(original.root)) {
      for (Path from : all.toList()) {
        Path to = root.resolve(original.root.relativize(from).toString());
        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(to);
        } else if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
          Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    return new Fleet(root, time, original.proving, "");
  }

  /** This fleet, stopped, under a configuration with {@code more} lines; stopped as well. */
  Fleet configured(String more) throws IOException {
    return new Fleet(root, time, proving, more);
  }

  public Path vault() {
    return root.resolve("vault");
  }

  public Path catalog() {
    return root.resolve("coordinator/catalog");
  }

  public Endpoint endpoint() {
    return new Endpoint("localhost", config.listen().port());
  }

  private Path socket() {
    return root.resolve("admin.sock");
  }

  public void start() throws InterruptedException {
    node = CoordinatorNode.start(config, time, randomness);
  }

  /** As {@link #start()}, with the vault on {@code files}. */
  void start(FileSystem files) throws InterruptedException {
    node = CoordinatorNode.start(config, files, time, randomness);
  }

  /** Why the coordinator can't go on, if that is so. */
  Optional<HoldfastException> failure() {
    return node.failure();
  }

  public void stop() {
    if (node != null) {
      node.close();
      node = null;
    }
  }

  public AdminLink admin() {
    return AdminLink.open(socket(), Optional.empty());
  }

  /** As whoever has {@code token}, from another machine. */
  AdminLink admin(AccessToken token) {
    return AdminLink.open(
        new Remote(
            config.admin().listen().orElseThrow(),
            new SecretText(token.encode()),
            FleetTrust.following(token.root())),
        Optional.empty(),
        time);
  }

  /** What the coordinator counts under {@code sample}, its labels included; 0 if nothing yet. */
  public double metric(String sample) throws IOException {
    String metrics = "http://" + config.metrics().listen() + "/metrics";
    try (InputStream in = URI.create(metrics).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(sample + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
          .sum();
    }
  }

  /** A new host of the fleet. */
  public ProtectedHost enrol(String name) throws IOException {
    String token;
    try (AdminLink admin = admin()) {
      token =
          admin
              .createToken(
                  CreateTokenRequest.newBuilder().setHostName(name).setValidSeconds(60).build())
              .getToken();
    }
    StateDirectory state = state(name);
    try (EnrolmentToken parsed = EnrolmentToken.parse(token)) {
      new Enrolment(state, time, randomness)
          .enrol(parsed, HostFacts.newBuilder().setName(name).build())
          .close();
    }
    return host(name);
  }

  /** What a host that was enrolled before keeps on its disk. */
  public StateDirectory state(String name) {
    return StateDirectory.open(root.resolve("agent-" + name));
  }

  /** A host that was enrolled before. */
  public ProtectedHost host(String name) {
    StateDirectory state = state(name);
    HostIdentity identity = HostIdentity.load(state, randomness);
    return new ProtectedHost(identity, endpoint(), state, time, randomness);
  }

  /** Opens the vault as somebody who has the passphrase and nothing else. */
  public Recovery recover() throws IOException {
    try (Passphrase passphrase = Passphrase.of(PASSPHRASE.toCharArray())) {
      return Recovery.open(
          new Recovery.Request(vault(), Optional.empty(), root.resolve("scratch")),
          passphrase,
          FileSystem.local(),
          randomness);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
