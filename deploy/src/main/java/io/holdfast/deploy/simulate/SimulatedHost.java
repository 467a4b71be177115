package io.holdfast.deploy.simulate;

import io.holdfast.agent.enrolment.Enrolment;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.agent.node.LocalFacts;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A host that is only two directories: its agent's state, and the files that are backed up. One
 * policy names the files of all, and each agent leaves out those of the others.
 */
final class SimulatedHost {
  /** What a policy names, below the directory. */
  static final String HOSTS = "hosts";

  private static final int SHARD = 100;
  private static final int STAMP_BYTES = 16;

  private final String name;
  private final Path files;
  private final AgentConfig config;

  /** Number {@code number} of those below {@code directory}. */
  SimulatedHost(Path directory, int number) {
    Path hosts = directory.resolve(HOSTS);
    Path shard = hosts.resolve(Integer.toString(number / SHARD));
    this.name = "sim-" + number;
    this.files = shard.resolve(Integer.toString(number));
    this.config =
        new ConfigLoader<>(AgentConfig.class, variable -> Optional.empty())
            .parse(
                "simulated host",
                """
                version: 1
                data_dir: "%s"
                name: "%s"
                labels: {simulated: "yes"}
                backup: {exclude: ["%s/*", "!%s", "%s/*", "!%s"]}
                """
                    .formatted(
                        directory.resolve("agents").resolve(Integer.toString(number)),
                        name,
                        hosts,
                        shard,
                        shard,
                        files),
                List.of())
            .value();
  }

  String name() {
    return name;
  }

  boolean isEnrolled() {
    return StateDirectory.open(config.dataDir()).isEnrolled();
  }

  void enrol(String token, Time time, Randomness randomness) {
    try (EnrolmentToken parsed = EnrolmentToken.parse(token)) {
      new Enrolment(StateDirectory.open(config.dataDir()), time, randomness)
          .enrol(parsed, LocalFacts.of(config))
          .close();
    }
  }

  /** Its agent, with threads that are virtual. */
  AgentNode start(Time time, Randomness randomness) {
    return AgentNode.start(config, time, randomness, Thread.ofVirtual());
  }

  /** Files that no other host has, unless they are there. */
  void makeFiles(int count, int bytes, Randomness randomness) {
    try {
      Files.createDirectories(files);
      for (int n = 0; n < count; n++) {
        Path file = files.resolve("file-" + n);
        if (!Files.exists(file)) {
          Files.write(file, randomness.bytes(bytes));
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Gives one of {@code count} files another beginning, which makes it another file. */
  void change(int count, Randomness randomness) {
    byte[] stamp = randomness.bytes(STAMP_BYTES);
    Path file = files.resolve("file-" + Byte.toUnsignedInt(stamp[0]) % count);
    try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(stamp));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private HoldfastException failed(IOException e) {
    return new HoldfastException(
        ErrorCode.IO, "files of the simulated host " + name + " can't be written: " + e, e);
  }
}
