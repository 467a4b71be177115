package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.config.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientConfigTest {
  private static ClientConfig parse(String text) {
    return new ConfigLoader<>(ClientConfig.class, name -> Optional.empty())
        .parse("client.yaml", text, List.of())
        .value();
  }

  @Test
  void shouldNameNothingByDefault() {
    assertEquals(ClientConfig.NONE, parse("version: 1\n"));
  }

  @Test
  void shouldTakeEveryKey() {
    assertEquals(
        new ClientConfig(
            Optional.of(new HostPort("backup1", 7445)),
            Optional.of(Path.of("/home/anna/token")),
            Optional.of(Path.of("/home/anna/root.pem"))),
        parse(
            """
            version: 1
            coordinator: backup1:7445
            token_file: /home/anna/token
            ca: /home/anna/root.pem
            """));
  }
}
