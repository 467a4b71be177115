package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.proto.stored.v1.HostFactsTaken;
import io.holdfast.proto.stored.v1.HostLabelled;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.List;

/**
 * Effects of other labels and facts of hosts. The newest count; since when a policy is for a host
 * is remembered, so that nothing of the time before counts as missed.
 */
final class HostTraitChanges {
  private HostTraitChanges() {}

  static void label(HostLabelled change, Mutation mutation, Effects effects) {
    byte[] host = Fields.host(change.getHost()).toByteArray();
    change(Keys.LABELS_OF_HOST, host, change.getMovedList(), mutation, effects);
  }

  static void takeFacts(HostFactsTaken change, Mutation mutation, Effects effects) {
    byte[] host = Fields.host(change.getHost()).toByteArray();
    change(Keys.FACTS_OF_HOST, host, change.getMovedList(), mutation, effects);
  }

  private static void change(
      byte what, byte[] host, List<ByteString> moved, Mutation mutation, Effects effects) {
    if (!effects.has(Families.HOSTS, host)) {
      effects.ignore();
      return;
    }
    effects.put(Families.HOST_NAMES, Keys.revision(host, what), effects.recorded(mutation));
    for (ByteString policy : moved) {
      effects.put(Families.META, Keys.TRAITS_CHANGED, Keys.seq(effects.seq()));
      effects.put(
          Families.HOST_NAMES,
          Keys.revision(host, Fields.policy(policy)),
          Keys.seq(effects.timeMillis()));
    }
  }
}
