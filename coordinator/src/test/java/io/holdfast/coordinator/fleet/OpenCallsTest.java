package io.holdfast.coordinator.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.coordinator.fleet.FleetKit.Enrolled;
import io.holdfast.coordinator.fleet.OpenCalls.CallEnd;
import io.holdfast.proto.wire.v1.RenewRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hosts are seen once, and then time passes and operators act. */
class OpenCallsTest {
  private final FleetKit kit = new FleetKit(23);
  private final List<ErrorCode> ends = new ArrayList<>();

  @AfterEach
  void close() {
    kit.close();
  }

  private OpenCalls other() {
    return new OpenCalls(kit.ports, kit.hostAuthority);
  }

  private CallEnd noted() {
    return why -> ends.add(why.code());
  }

  @Test
  void shouldSeeARevocationMadeElsewhereAfterTheHostWasSeen() throws InterruptedException {
    OpenCalls calls = other();
    Enrolled host = kit.enrol("web");
    calls.opened(host.id(), noted());
    calls.poll();
    calls.poll();
    assertEquals(List.of(), ends);
    kit.revocations.revoke(host.id(), "anna");
    calls.poll();
    assertEquals(List.of(ErrorCode.HOST_REVOKED), ends);
  }

  @Test
  void shouldEndWhatARevokedHostOpensWhileNothingElseHappens() throws InterruptedException {
    OpenCalls calls = other();
    Enrolled host = kit.enrol("web");
    CallEnd first = noted();
    calls.opened(host.id(), first);
    kit.revocations.revoke(host.id(), "anna");
    calls.poll();
    calls.closed(host.id(), first);
    calls.opened(host.id(), noted()); // admitted just before
    calls.poll();
    assertEquals(List.of(ErrorCode.HOST_REVOKED, ErrorCode.HOST_REVOKED), ends);
  }

  @Test
  void shouldLetStreamsOutliveACertificateThatWasRenewed() throws InterruptedException {
    OpenCalls calls = other();
    Enrolled host = kit.enrol("web");
    calls.opened(host.id(), noted());
    calls.poll();
    kit.time.advance(IssuingAuthority.HOST_LIFE.minusHours(1));
    kit.enrolments.renew(
        host.id(),
        RenewRequest.newBuilder()
            .setCertificateRequest(
                ByteString.copyFrom(
                    CertificateRequest.make(SigningKey.generate(kit.randomness), kit.randomness)))
            .build());
    kit.time.advance(Duration.ofHours(2));
    calls.poll();
    assertEquals(List.of(), ends);
    kit.time.advance(IssuingAuthority.HOST_LIFE);
    calls.poll();
    assertEquals(List.of(ErrorCode.CERTIFICATE_EXPIRED), ends);
  }
}
