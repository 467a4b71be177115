package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import io.holdfast.proto.stored.v1.IssuingCa;
import java.util.List;

/**
 * A site's issuing CA as the key ring keeps it: bytes only, so that this package knows no
 * certificates.
 */
public final class IssuingCaKey implements AutoCloseable {
  private final Secret privateKey;
  private final List<ByteString> chain;

  private IssuingCaKey(Secret privateKey, List<ByteString> chain) {
    this.privateKey = privateKey;
    this.chain = List.copyOf(chain);
  }

  /**
   * Takes the PKCS#8 DER of the private key over; copies {@code chain}, the X.509 DER of the
   * issuing CA's certificate and then the root's.
   */
  public static IssuingCaKey of(Secret privateKey, List<byte[]> chain) {
    return new IssuingCaKey(privateKey, chain.stream().map(ByteString::copyFrom).toList());
  }

  /** PKCS#8 DER; stays owned by this object. */
  public Secret privateKey() {
    return privateKey;
  }

  /** X.509 DER, the issuing CA's certificate first. */
  public List<byte[]> chain() {
    return chain.stream().map(ByteString::toByteArray).toList();
  }

  IssuingCa toProto() {
    return IssuingCa.newBuilder()
        .setPrivateKey(ByteString.copyFrom(privateKey.open()))
        .addAllChain(chain)
        .build();
  }

  static IssuingCaKey ofProto(IssuingCa stored) {
    return new IssuingCaKey(
        Secret.take(stored.getPrivateKey().toByteArray()), stored.getChainList());
  }

  @Override
  public void close() {
    privateKey.close();
  }

  @Override
  public String toString() {
    return "IssuingCaKey[hidden, " + chain.size() + " certificates]";
  }
}
