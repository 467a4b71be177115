package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import io.holdfast.proto.stored.v1.FleetRoot;

/**
 * One of a fleet's roots as it is kept and handed on: bytes only, so that this package knows no
 * certificates.
 *
 * @param certificate X.509 DER
 * @param link X.509 DER, by which the root before introduces this one; empty for the first
 */
public record StoredRoot(ByteString certificate, ByteString link) {
  FleetRoot toProto() {
    return FleetRoot.newBuilder().setCertificate(certificate).setLink(link).build();
  }

  static StoredRoot ofProto(FleetRoot stored) {
    return new StoredRoot(stored.getCertificate(), stored.getLink());
  }
}
