package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.EnrolmentToken;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.CertificateIssued;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.HostEnrolled;
import io.holdfast.proto.stored.v1.HostReplaced;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.FetchKeysAnswer;
import io.holdfast.proto.wire.v1.RenewAnswer;
import io.holdfast.proto.wire.v1.RenewRequest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a token into an identity, and an old certificate into a new one. Any thread.
 *
 * <ol>
 *   <li>I1: nothing is handed out before the record that grants it is durable and applied here.
 *   <li>I2: a host's sealed recovery key is in the vault before the record that names the host; in
 *       a private repository, where the host makes it, before its first commit ({@link
 *       SealedHostKeys}).
 *   <li>I3: one token lets in one host. Of several that race, {@code apply} takes the first in the
 *       journal's order; the others look after their own record and learn that they lost. A lost
 *       host is in no catalog, so nothing it was certified for is ever accepted.
 *   <li>I4: who shows the signing key of the host that a token let in, and the token, is that host
 *       again, whose answer was lost on the way: it gets another certificate and no other identity.
 *   <li>I5: who shows the signing key of a host that was moved away from here goes on with that
 *       host's history; it holds the keys to it anyway.
 * </ol>
 */
public final class Enrolments {
  /** Certificates of one host that are valid at one time: bounds what a wild agent can journal. */
  static final int CERTIFICATES_MAX = 16;

  /** After the host's certificate and the issuing CA's. */
  private static final int ROOT_AT = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Enrolments.class);

  private final FleetPorts ports;
  private final Supplier<IssuingAuthority> issuing;
  private final HostKeys keys;
  private final Duration life;

  /**
   * Certificates live for {@code life}.
   *
   * @param issuing the CA that issues when it is asked
   */
  public Enrolments(
      FleetPorts ports, Supplier<IssuingAuthority> issuing, HostKeys keys, Duration life) {
    this.ports = ports;
    this.issuing = issuing;
    this.keys = keys;
    this.life = life;
  }

  /**
   * Lets a host in. TOKEN_INVALID, TOKEN_EXPIRED or TOKEN_USED for the token; CERTIFICATE_INVALID,
   * SIGNATURE_INVALID or INVALID_ARGUMENT for the rest of the request, also in a shared repository
   * if a private one is wanted; errors of the journal. After a refusal the token is unused.
   */
  public EnrolAnswer enrol(EnrolRequest request) throws InterruptedException {
    // The secret first: whoever doesn't know one makes us do nothing but look it up.
    EnrolmentToken token = token(request.getTokenSecret());
    Applicant applicant = Applicant.check(request);
    if (request.getOnlyPrivate() && !keys.isPrivate()) {
      throw refuse(
          ErrorCode.INVALID_ARGUMENT,
          "this is a shared repository, whose coordinators can open what hosts store, and a private"
              + " one was asked for; nothing was enrolled, and the token still lets a host in");
    }
    if (token.usedBy().flatMap(user -> again(user, applicant)).isEmpty()) {
      refuseExpired(token); // I4: a host that comes again may come later
    }
    return token.usedBy().isPresent()
        ? enrolAgain(applicant, token, token.usedBy().get())
        : enrolNew(applicant, token);
  }

  private EnrolmentToken token(ByteString secret) {
    Bytes32 name = io.holdfast.common.identity.EnrolmentToken.hashOf(secret.toByteArray());
    EnrolmentToken token =
        ports
            .look(fleet -> fleet.token(name))
            .orElseThrow(() ->
                refuse(
                    ErrorCode.TOKEN_INVALID,
                    "this coordinator made no such enrolment token; make one with: holdfast"
                        + " token create"));
    if (token.isOfRetiredRoot()) { // with that one's key anybody could have had it shown to him
      throw refuse(
          ErrorCode.TOKEN_EXPIRED,
          "the enrolment token was made under a fleet root that is retired since; make a new one"
              + " with: holdfast token create");
    }
    return token;
  }

  private void refuseExpired(EnrolmentToken token) {
    if (ports.time().now().toEpochMilli() > token.expiresMillis()) {
      throw refuse(
          ErrorCode.TOKEN_EXPIRED,
          "the enrolment token expired at "
              + Instant.ofEpochMilli(token.expiresMillis())
              + "; make a new one with: holdfast token create");
    }
  }

  private EnrolAnswer enrolNew(Applicant applicant, EnrolmentToken token)
      throws InterruptedException {
    HostId host = HostId.of(ports.randomness().bytes(16));
    Optional<HostId> former = former(applicant);
    ByteString recoveryKey = keys.createRecoveryKey(host);
    List<X509Certificate> chain = issuing.get().host(applicant.request(), host, life);
    ByteString recovery = keys.repositoryRecovery(root(chain));
    List<Mutation> mutations = new ArrayList<>();
    mutations.add(enrolled(applicant, token, host, recoveryKey));
    mutations.add(issued(host, applicant.request(), chain.getFirst()));
    former.ifPresent(back -> mutations.addAll(comesBack(back, host)));
    ports.append(mutations.toArray(Mutation[]::new));
    HostId winner =
        ports
            .look(fleet -> fleet.token(token.token()))
            .flatMap(EnrolmentToken::usedBy)
            .orElseThrow(() -> tokenUsed(Optional.empty()));
    if (!winner.equals(host)) {
      throw tokenUsed(Optional.of(winner));
    }
    ports.meter().enrolled();
    LOG.info("host {} enrolled", host);
    return answer(host, recoveryKey, recovery, chain);
  }

  /**
   * I5. The host that this machine was here before it was moved away, if nobody goes on with its
   * history yet. Others that it shows are passed over: they are of other repositories.
   */
  private Optional<HostId> former(Applicant applicant) {
    return ports.look(fleet ->
        applicant.formers().stream()
            .filter(former -> fleet.isMovedAway(former.host()))
            .filter(former -> fleet.successor(former.host()).isEmpty())
            .filter(former -> applicant.wasBefore(former, fleet.host(former.host()).orElseThrow()))
            .map(Applicant.Former::host)
            .findFirst());
  }

  private List<Mutation> comesBack(HostId former, HostId host) {
    HostReplaced replaced =
        HostReplaced.newBuilder()
            .setFormer(ByteString.copyFrom(former.toByteArray()))
            .setSuccessor(ByteString.copyFrom(host.toByteArray()))
            .build();
    return List.of(
        MutationSealer.clear(Change.newBuilder().setHostReplaced(replaced).build()),
        new Audits(ports.mutations())
            .of("host " + host, "replace", Optional.of(host), "came back: was here as " + former));
  }

  private EnrolAnswer enrolAgain(Applicant applicant, EnrolmentToken token, HostId user)
      throws InterruptedException {
    EnrolledHost host = again(user, applicant).orElseThrow(() -> tokenUsed(token.usedBy()));
    List<X509Certificate> chain = issue(user, applicant.request());
    LOG.info("host {} enrolled again by the same keys: its first answer was lost", user);
    return answer(
        user, host.enrolled().getRecoveryKey(), keys.repositoryRecovery(root(chain)), chain);
  }

  private Optional<EnrolledHost> again(HostId user, Applicant applicant) {
    return ports
        .look(fleet -> fleet.host(user))
        .filter(found -> isSame(found, applicant) && found.revokedSeq().isEmpty());
  }

  private static boolean isSame(EnrolledHost host, Applicant applicant) {
    return host.enrolled()
            .getSigningKey()
            .equals(ByteString.copyFrom(applicant.signingKey().encode()))
        && host.enrolled()
            .getEncryptionKey()
            .equals(ByteString.copyFrom(applicant.encryptionKey().toByteArray()));
  }

  /**
   * A certificate for a new key of {@code host}, whom TLS has verified. CERTIFICATE_INVALID for the
   * request, INVALID_ARGUMENT for a key that was certified before, HOST_REVOKED, NOT_ENROLLED, BUSY
   * for a host that asks too often; errors of the journal.
   */
  public RenewAnswer renew(HostId host, RenewRequest request) throws InterruptedException {
    CertificateRequest asked =
        CertificateRequest.verify(request.getCertificateRequest().toByteArray());
    refuseKnownKey(host, asked);
    List<X509Certificate> chain = issue(host, asked);
    ports.meter().renewed();
    return RenewAnswer.newBuilder().addAllCertificates(encode(chain)).build();
  }

  /**
   * The keys of {@code host}, whom TLS has verified, as they are now: a host that was enrolled
   * under fewer generations learns the others. HOST_REVOKED, NOT_ENROLLED; KEY_UNAVAILABLE in a
   * private repository.
   */
  public FetchKeysAnswer fetchKeys(HostId host) {
    refuseUnlessWelcome(host);
    EnrolledHost found =
        ports.look(fleet -> fleet.host(host)).orElseThrow(() -> HostAuthority.unknown(host));
    return FetchKeysAnswer.newBuilder()
        .setKeyGrant(keys.grant(found.enrolled().getRecoveryKey()))
        .build();
  }

  private void refuseKnownKey(HostId host, CertificateRequest asked) {
    ByteString keyId = ByteString.copyFrom(asked.keyId().value().toByteArray());
    if (ports.look(fleet -> fleet.certificates(host)).stream()
        .anyMatch(known -> known.getKeyId().equals(keyId))) {
      throw refuse(
          ErrorCode.INVALID_ARGUMENT,
          "host " + host + " asked for a new certificate of an old key; renew with a new key");
    }
  }

  /** Journals and returns; refuses before and after if the host was revoked meanwhile. */
  private List<X509Certificate> issue(HostId host, CertificateRequest request)
      throws InterruptedException {
    refuseUnlessWelcome(host);
    refuseIfTooMany(host);
    List<X509Certificate> chain = issuing.get().host(request, host, life);
    ports.append(issued(host, request, chain.getFirst()));
    refuseUnlessWelcome(host);
    return chain;
  }

  private void refuseUnlessWelcome(HostId host) {
    EnrolledHost found =
        ports.look(fleet -> fleet.host(host)).orElseThrow(() -> HostAuthority.unknown(host));
    if (found.revokedSeq().isPresent() && !ports.look(fleet -> fleet.isMovedAway(host))) {
      ports.meter().refused(ErrorCode.HOST_REVOKED);
      throw HostAuthority.revoked(host);
    }
  }

  private void refuseIfTooMany(HostId host) {
    long nowMillis = ports.time().now().toEpochMilli();
    long valid =
        ports.look(fleet -> fleet.certificates(host)).stream()
            .filter(certificate -> certificate.getExpiresMillis() > nowMillis)
            .count();
    if (valid >= CERTIFICATES_MAX) {
      throw refuse(
          ErrorCode.BUSY,
          "host "
              + host
              + " holds "
              + valid
              + " valid certificates already; find out why it asks for more");
    }
  }

  /** What comes behind it introduces that root. */
  private static X509Certificate root(List<X509Certificate> chain) {
    return chain.get(ROOT_AT);
  }

  private EnrolAnswer answer(
      HostId host, ByteString recoveryKey, ByteString recovery, List<X509Certificate> chain) {
    EnrolAnswer.Builder answer =
        EnrolAnswer.newBuilder()
            .setHost(ByteString.copyFrom(host.toByteArray()))
            .setRepository(ByteString.copyFrom(ports.repository().toByteArray()))
            .setFleet(ByteString.copyFrom(ports.fleet().toByteArray()))
            .addAllCertificates(encode(chain))
            .setAuthority(ports.authority().get());
    keys.give(answer, recoveryKey, recovery);
    return answer.build();
  }

  private Mutation enrolled(
      Applicant applicant, EnrolmentToken token, HostId host, ByteString recoveryKey) {
    HostEnrolled enrolled =
        HostEnrolled.newBuilder()
            .setHost(ByteString.copyFrom(host.toByteArray()))
            .setToken(ByteString.copyFrom(token.token().toByteArray()))
            .setSigningKey(ByteString.copyFrom(applicant.signingKey().encode()))
            .setEncryptionKey(ByteString.copyFrom(applicant.encryptionKey().toByteArray()))
            .setRecoveryKey(recoveryKey)
            .build();
    String givenName =
        ports
            .mutations()
            .open(token.mutation())
            .map(details -> details.getToken().getHostName())
            .orElse("");
    return ports
        .mutations()
        .seal(
            Change.newBuilder().setHostEnrolled(enrolled).build(),
            Details.newBuilder().setHost(Facts.details(applicant.facts(), givenName)).build());
  }

  private static Mutation issued(
      HostId host, CertificateRequest request, X509Certificate certificate) {
    CertificateIssued issued =
        CertificateIssued.newBuilder()
            .setHost(ByteString.copyFrom(host.toByteArray()))
            .setSerial(ByteString.copyFrom(certificate.getSerialNumber().toByteArray()))
            .setKeyId(ByteString.copyFrom(request.keyId().value().toByteArray()))
            .setExpiresMillis(certificate.getNotAfter().toInstant().toEpochMilli())
            .build();
    return MutationSealer.clear(Change.newBuilder().setCertificateIssued(issued).build());
  }

  private static List<ByteString> encode(List<X509Certificate> chain) {
    return Certificates.encodeChain(chain).stream().map(ByteString::copyFrom).toList();
  }

  private HoldfastException tokenUsed(Optional<HostId> user) {
    ports.meter().tokenReused(user);
    return refuse(
        ErrorCode.TOKEN_USED,
        "the enrolment token has let a host in before; make a new one with: holdfast token create,"
            + " and find out who used this one");
  }

  private HoldfastException refuse(ErrorCode code, String message) {
    ports.meter().refused(code);
    return new HoldfastException(code, message);
  }
}
