package io.holdfast.deploy.cli;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.Setting;
import java.nio.file.Path;
import java.util.Optional;

/** What a person's own {@code client.yaml} says: which coordinator to call, and how. */
public record ClientConfig(
    @Setting(
            doc =
                "The coordinator's admin.listen as it is reached from here. Empty: the socket on"
                    + " this machine.")
        Optional<HostPort> coordinator,
    @Setting(doc = "File with this person's access token.") Optional<Path> tokenFile,
    @Setting(
            doc =
                "The fleet's root certificate, in PEM. Empty: the root that the access token"
                    + " names by its fingerprint.")
        Optional<Path> ca) {
  /** What holds where nobody wrote such a file. */
  static final ClientConfig NONE =
      new ClientConfig(Optional.empty(), Optional.empty(), Optional.empty());
}
