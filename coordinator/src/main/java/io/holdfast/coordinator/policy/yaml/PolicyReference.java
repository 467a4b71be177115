package io.holdfast.coordinator.policy.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The document that shows every key of a policy, its meaning and its default. */
public final class PolicyReference {
  private PolicyReference() {}

  /** As YAML that can be applied. */
  public static String text() {
    try (InputStream in = PolicyReference.class.getResourceAsStream("policy-reference.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the distribution lacks its policy reference", e);
    }
  }
}
