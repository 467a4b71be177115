package io.holdfast.common.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.SeededRandomness;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** A whole fleet's certificates from one seed, at a time moved by hand. */
final class Fleet {
  static final HostId HOST = HostId.parse("0123456789abcdef0123456789abcdef");
  static final CoordinatorId COORDINATOR = CoordinatorId.parse("c0ffee00c0ffee00c0ffee00c0ffee00");
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  final ManualTime time = new ManualTime(START);
  final SeededRandomness randomness;
  final FleetAuthority authority;
  final IssuingAuthority issuing;
  final FleetTrust trust;

  Fleet(long seed) {
    randomness = new SeededRandomness(seed);
    authority = FleetAuthority.create(FleetId.of(randomness.bytes(16)), time, randomness);
    issuing = authority.issuingAuthority("alpha");
    trust = FleetTrust.of(authority.certificate());
  }

  /** What a holder gets for a new key. */
  interface Issue {
    List<X509Certificate> chain(CertificateRequest request);
  }

  CertifiedKey enrol(Issue issue) {
    SigningKey key = SigningKey.generate(randomness);
    CertificateRequest request =
        CertificateRequest.verify(CertificateRequest.make(key, randomness));
    return CertifiedKey.of(key, issue.chain(request), randomness);
  }

  CertifiedKey host() {
    return enrol(request -> issuing.host(request, HOST, IssuingAuthority.HOST_LIFE));
  }

  CertifiedKey operator() {
    return enrol(request -> issuing.operator(request, "anna", Duration.ofDays(30)));
  }

  CertifiedKey coordinator() {
    return enrol(request ->
        issuing.coordinator(
            request,
            COORDINATOR,
            Duration.ofDays(90),
            List.of("backup.example.org", "192.0.2.7", "2001:db8::7")));
  }

  CertifiedKey journalWriter() {
    return enrol(request -> issuing.journalWriter(request, COORDINATOR, Duration.ofDays(365)));
  }

  static HoldfastException assertCode(ErrorCode code, Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }
}
