package io.holdfast.coordinator.fleet;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.stored.v1.HostDetails;
import io.holdfast.proto.stored.v1.HostFactDetails;
import io.holdfast.proto.wire.v1.HostFacts;
import java.util.Map;

/** What a host tells of itself, within bounds: it is a stranger's text that people will read. */
public final class Facts {
  private static final int TEXT_CHARS_MAX = 255;
  private static final int LABELS_MAX = 64;

  private Facts() {}

  /** INVALID_ARGUMENT for what is too long or could fool a terminal. */
  static void checkName(String name) {
    check("host name", name);
  }

  /** INVALID_ARGUMENT as {@link #checkName}, for all of {@code facts}. */
  public static void check(HostFacts facts) {
    checkName(facts.getName());
    checkTold(facts);
    checkLabels(facts.getLabelsMap());
  }

  /** The same for what a host may tell anew whenever it connects. */
  public static void checkTold(HostFacts facts) {
    check("operating system", facts.getOperatingSystem());
    check("architecture", facts.getArchitecture());
    check("version", facts.getVersion());
  }

  /** The same for all labels of a host. */
  public static void checkLabels(Map<String, String> labels) {
    if (labels.size() > LABELS_MAX) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a host has at most "
              + LABELS_MAX
              + " labels, not "
              + labels.size()
              + "; leave some out");
    }
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (label.getKey().isEmpty()) {
        throw refuse("label", "it has no key");
      }
      check("label", label.getKey());
      check("label", label.getValue());
    }
  }

  /** INVALID_ARGUMENT as {@link #checkName}; {@code what} it is, for the message. */
  public static void check(String what, String text) {
    if (text.length() > TEXT_CHARS_MAX) {
      throw refuse(what, "it is longer than " + TEXT_CHARS_MAX + " characters");
    }
    if (text.codePoints().anyMatch(Facts::isHidden)) {
      throw refuse(what, "it holds control or formatting characters");
    }
  }

  private static boolean isHidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static HoldfastException refuse(String what, String cause) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT, "a " + what + " was refused: " + cause + "; set another one");
  }

  /** For the journal; {@code givenName} is the operator's and goes before the host's own. */
  static HostDetails details(HostFacts facts, String givenName) {
    return HostDetails.newBuilder()
        .setName(givenName.isEmpty() ? facts.getName() : givenName)
        .setOperatingSystem(facts.getOperatingSystem())
        .setArchitecture(facts.getArchitecture())
        .putAllLabels(facts.getLabelsMap())
        .setVersion(facts.getVersion())
        .build();
  }

  /** {@code known} with what a host tells anew; what it doesn't say stays, and so does its name. */
  public static HostDetails with(HostDetails known, HostFacts told) {
    HostDetails.Builder details = known.toBuilder();
    put(
        HostFactDetails.newBuilder()
            .setOperatingSystem(told.getOperatingSystem())
            .setArchitecture(told.getArchitecture())
            .setVersion(told.getVersion())
            .build(),
        details);
    return details.build();
  }

  static void put(HostFactDetails told, HostDetails.Builder details) {
    if (!told.getOperatingSystem().isEmpty()) {
      details.setOperatingSystem(told.getOperatingSystem());
    }
    if (!told.getArchitecture().isEmpty()) {
      details.setArchitecture(told.getArchitecture());
    }
    if (!told.getVersion().isEmpty()) {
      details.setVersion(told.getVersion());
    }
  }

  /** For people who ask. */
  public static HostFacts view(HostDetails details) {
    return HostFacts.newBuilder()
        .setName(details.getName())
        .setOperatingSystem(details.getOperatingSystem())
        .setArchitecture(details.getArchitecture())
        .setVersion(details.getVersion())
        .putAllLabels(details.getLabelsMap())
        .build();
  }
}
