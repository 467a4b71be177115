package io.holdfast.common.identity;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import java.io.ByteArrayOutputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Paths of certificates that were found good in all but time, by every byte of them: what is found
 * once of a path holds for ever, and finding it costs a millisecond of signatures for each
 * connection, and again for each call on it. Holds the {@link #MAX} last used ones; what was
 * refused is never held. Any thread.
 */
final class VerifiedPaths {
  /** Some hundred bytes each. */
  static final int MAX = 32_768;

  private final Map<Bytes32, Boolean> paths =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes32, Boolean> eldest) {
          return size() > MAX;
        }
      };

  /** By which one path is known: leaf first, the root last. */
  static Bytes32 nameOf(List<X509Certificate> certificates) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      for (X509Certificate certificate : certificates) {
        all.writeBytes(Digests.sha256(certificate.getEncoded()).toByteArray());
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate that has no encoding", e);
    }
    return Digests.sha256(all.toByteArray());
  }

  /** Whether it is known to be good. */
  synchronized boolean contains(Bytes32 path) {
    return paths.get(path) != null;
  }

  synchronized void add(Bytes32 path) {
    paths.put(path, true);
  }
}
