package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;

/** A public key that signs records: DER of its SubjectPublicKeyInfo. */
public record SignerKey(ByteString encoded) {}
