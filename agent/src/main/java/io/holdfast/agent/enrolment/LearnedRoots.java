package io.holdfast.agent.enrolment;

import com.google.protobuf.ByteString;
import io.holdfast.agent.link.RootMemory;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.proto.wire.v1.FleetRoot;
import io.holdfast.proto.wire.v1.Hello;
import java.util.List;

/**
 * The roots of {@code identity} on the control stream: what is learned there makes {@code renewal}
 * fetch a certificate under the newest one.
 */
public record LearnedRoots(HostIdentity identity, Renewal renewal) implements RootMemory {
  @Override
  public void say(Hello.Builder hello) {
    identity.roots().believed().forEach(root -> hello.addRoots(bytes(root)));
    hello.setCredentialRoot(
        bytes(Fingerprint.of(PinnedRoots.rootOf(identity.credential().current()))));
  }

  @Override
  public void learn(List<FleetRoot> roots) {
    identity.roots().learn(roots);
    renewal.rootsChanged();
  }

  static ByteString bytes(Fingerprint root) {
    return ByteString.copyFrom(root.value().toByteArray());
  }
}
