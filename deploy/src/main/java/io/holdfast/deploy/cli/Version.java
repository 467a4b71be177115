package io.holdfast.deploy.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The release, from the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String release =
        Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
    return new String[] {"holdfast " + release, "java " + Runtime.version()};
  }
}
