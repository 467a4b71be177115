package io.holdfast.agent.hook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory of hooks for a test, which are shell scripts. */
public record Scripts(Path directory) {
  /** In {@code parent}. */
  public static Scripts in(Path parent) throws IOException {
    Path directory = Files.createDirectories(parent.resolve("hooks"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Scripts(directory);
  }

  /** A program of these lines. */
  public Path write(String name, String... lines) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }
}
