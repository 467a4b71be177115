package io.holdfast.coordinator.policy;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.policy.yaml.PolicyReader;
import io.holdfast.proto.stored.v1.HostDetails;
import java.util.Map;
import java.util.UUID;

/** Policies and hosts in few words. */
public final class Samples {
  private Samples() {}

  /** A policy by what stands in its spec. */
  public static Policy policy(String name, String spec) {
    String text = "apiVersion: holdfast/v1\nkind: Policy\nmetadata: {name: " + name + "}\nspec:\n";
    return PolicyReader.read("sample", text + spec.indent(2)).getFirst();
  }

  public static HostTraits host(String name, Map<String, String> labels) {
    HostDetails details =
        HostDetails.newBuilder()
            .setName(name)
            .setOperatingSystem("Linux 6.1.0-35-amd64")
            .setArchitecture("amd64")
            .putAllLabels(labels)
            .build();
    return HostTraits.of(new HostId(new UUID(1, name.hashCode())), details);
  }
}
