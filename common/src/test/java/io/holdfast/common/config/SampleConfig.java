package io.holdfast.common.config;

import io.holdfast.common.unit.DataRate;
import io.holdfast.common.unit.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One key of every kind. */
public record SampleConfig(
    @Setting(doc = "Where it lies.", required = true) Path dataDir,
    @Setting(doc = "What it is called.", byDefault = "sample") String name,
    @Setting(doc = "Whether it is on.", byDefault = "true") boolean on,
    @Setting(doc = "How many.", byDefault = "4", min = "1", max = "64") int count,
    @Setting(doc = "How long.", byDefault = "90s", min = "1s") Duration patience,
    @Setting(doc = "How fast.", byDefault = "unlimited") DataRate rate,
    @Setting(doc = "In what mood.", byDefault = "calm") Mood mood,
    @Setting(doc = "Which ones.", byDefault = "a, b") List<String> which,
    @Setting(doc = "What sticks to it.") Map<String, String> labels,
    @Setting(doc = "What is hidden.") Optional<SecretText> password,
    @Setting(doc = "What lies beneath.") Inner inner) {
  /** A choice. */
  public enum Mood {
    CALM,
    VERY_CROSS
  }

  /** A section. */
  public record Inner(
      @Setting(doc = "Least.", byDefault = "1 MiB", max = "1 GiB") DataSize least,
      @Setting(doc = "Most.", byDefault = "2 MiB", max = "1 GiB") DataSize most,
      @Setting(doc = "Where.", byDefault = "localhost:7443") HostPort where) {
    public Inner {
      if (least.compareTo(most) > 0) {
        throw new IllegalArgumentException("\"inner.least\" is above \"inner.most\"");
      }
    }
  }
}
