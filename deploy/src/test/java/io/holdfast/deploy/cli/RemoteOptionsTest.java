package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.identity.AccessToken;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.testkit.Ports;
import io.holdfast.proto.wire.v1.PersonRole;
import io.holdfast.proto.wire.v1.WhoAmIAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Which coordinator is called: by options before the environment before the person's own file. That
 * somebody is called at all shows by nobody's answering there.
 */
class RemoteOptionsTest extends CommandLineFixture {
  private String nobody;
  private Path token;

  @BeforeEach
  void prepare() throws IOException {
    nobody = "127.0.0.1:" + Ports.free();
    SeededRandomness randomness = new SeededRandomness(3);
    try (AccessToken made =
        AccessToken.generate(new Fingerprint(Bytes32.of(randomness.bytes(32))), randomness)) {
      token = Files.writeString(dir.resolve("token"), made.encode() + "\n");
    }
    admin()
        .script(
            WhoAmIAnswer.newBuilder()
                .setName("local operator")
                .setRole(PersonRole.PERSON_ROLE_ADMIN)
                .build());
  }

  private void assertCalled(String at, Ended ended) {
    assertEquals(11, ended.code(), ended::toString);
    assertTrue(ended.err().contains("nobody answers at " + at), ended.err());
    assertTrue(ended.err().contains("admin.listen"), ended.err());
  }

  @Test
  void shouldCallByOptions() {
    assertCalled(nobody, run("whoami", "--coordinator", nobody, "--token-file", token.toString()));
  }

  @Test
  void shouldCallByTheEnvironment() {
    environment.put("HOLDFAST_COORDINATOR", nobody);
    environment.put("HOLDFAST_ACCESS_TOKEN_FILE", token.toString());
    assertCalled(nobody, run("whoami"));
    runWell("whoami", "--socket", coordinator.path().toString());
  }

  @Test
  void shouldCallByThePersonsOwnFile() throws IOException {
    Path file = dir.resolve("home/.config/holdfast/client.yaml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "version: 1\ncoordinator: " + nobody + "\ntoken_file: " + token + "\n");
    environment.put("HOME", dir.resolve("home").toString());
    runWell("whoami");
    environment.remove("HOLDFAST_SOCKET");
    assertCalled(nobody, run("whoami"));
    environment.put("XDG_CONFIG_HOME", dir.resolve("none").toString());
    runWell("whoami", "--socket", coordinator.path().toString());
  }

  @Test
  void shouldAskForATokenAndRefuseWhatIsNone() throws IOException {
    Ended without = run("whoami", "--coordinator", nobody);
    assertEquals(2, without.code(), without::toString);
    assertTrue(without.err().contains("--token-file"), without.err());
    Ended missing = run("whoami", "--coordinator", nobody, "--token-file", dir + "/none");
    assertEquals(10, missing.code(), missing::toString);
    Path other = Files.writeString(dir.resolve("other"), "hf1.enrolment");
    Ended wrong = run("whoami", "--coordinator", nobody, "--token-file", other.toString());
    assertEquals(12, wrong.code(), wrong::toString);
    assertTrue(wrong.err().contains("lets a host enrol"), wrong.err());
  }

  @Test
  void shouldSayWhichRootCannotBeRead() {
    Ended ended =
        run(
            "whoami",
            "--coordinator",
            nobody,
            "--token-file",
            token.toString(),
            "--ca",
            dir + "/none");
    assertEquals(10, ended.code(), ended::toString);
    assertTrue(ended.err().contains(dir + "/none"), ended.err());
  }
}
