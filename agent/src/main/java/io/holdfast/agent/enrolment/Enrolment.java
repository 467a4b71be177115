package io.holdfast.agent.enrolment;

import com.google.protobuf.ByteString;
import io.holdfast.agent.link.EnrolmentCalls;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.identity.Purpose;
import io.holdfast.common.identity.ReloadableCredential;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyGrant;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.FormerIdentity;
import io.holdfast.proto.wire.v1.HostFacts;
import java.security.cert.X509Certificate;
import java.util.List;

/** Exchanges a token for an identity. One thread, one at a time for a state directory. */
public final class Enrolment {
  private static final int CHAIN_LENGTH = 3;

  private final StateDirectory state;
  private final Time time;
  private final Randomness randomness;

  public Enrolment(StateDirectory state, Time time, Randomness randomness) {
    this.state = state;
    this.time = time;
    this.randomness = randomness;
  }

  /** Keys made here, of which only public halves leave. */
  record NewKeys(SigningKey tls, SigningKey signing, HostKeyPair encryption) {
    static NewKeys generate(Randomness randomness) {
      return new NewKeys(
          SigningKey.generate(randomness),
          SigningKey.generate(randomness),
          HostKeyPair.generate(randomness));
    }
  }

  /**
   * Makes keys, asks the token's coordinators in turn, checks their answer as a stranger's, and
   * returns the identity once it is durable. INVALID_ARGUMENT if this host has one already; what
   * the coordinator refuses with; CERTIFICATE_INVALID for a coordinator or an answer that doesn't
   * lead to the token's root. After an error nothing here has changed that counts.
   */
  public HostIdentity enrol(EnrolmentToken token, HostFacts facts) {
    return enrol(token, facts, false);
  }

  /**
   * As {@link #enrol(EnrolmentToken, HostFacts)}; with {@code onlyPrivate} also INVALID_ARGUMENT if
   * the repository is one whose coordinators hold the keys.
   */
  public HostIdentity enrol(EnrolmentToken token, HostFacts facts, boolean onlyPrivate) {
    if (state.isEnrolled() || HostMove.isDecided(state)) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "this host is enrolled already (see "
              + state.enrolled()
              + "); to enrol it as a new host, move "
              + state.root()
              + " aside first");
    }
    HostIdentity identity = ask(token, NewKeys.generate(randomness), facts, List.of(), onlyPrivate);
    identity.save(state);
    return identity;
  }

  /**
   * An identity that isn't durable yet. Errors of {@link #enrol}.
   *
   * @param formers what this host was before, to be shown
   */
  HostIdentity ask(
      EnrolmentToken token,
      NewKeys keys,
      HostFacts facts,
      List<HostIdentity> formers,
      boolean onlyPrivate) {
    EnrolAnswer answer =
        EnrolmentCalls.enrol(
            token.addresses(),
            TlsContexts.of(time).enrolment(token.root()),
            request(token, keys, facts, formers, onlyPrivate));
    if (onlyPrivate && answer.getRepositoryRecovery().isEmpty()) { // it should have refused
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "the coordinator answers for a shared repository, whose coordinators can open what hosts"
              + " store, and a private one was asked for; nothing was kept here: revoke the host"
              + " there, and look at whose token it was");
    }
    return check(answer, token, keys);
  }

  private EnrolRequest request(
      EnrolmentToken token,
      NewKeys keys,
      HostFacts facts,
      List<HostIdentity> formers,
      boolean onlyPrivate) {
    byte[] request = CertificateRequest.make(keys.tls(), randomness);
    byte[] encryptionKey = keys.encryption().publicKey().toByteArray();
    byte[] signature =
        keys.signing()
            .sign(
                SigningDomain.ENROLMENT,
                Digests.sha256(request).toByteArray(),
                token.secretHash().toByteArray(),
                encryptionKey)
            .toByteArray();
    return EnrolRequest.newBuilder()
        .setTokenSecret(ByteString.copyFrom(token.secret().toByteArray()))
        .setCertificateRequest(ByteString.copyFrom(request))
        .setSigningKey(ByteString.copyFrom(keys.signing().verifyingKey().encode()))
        .setEncryptionKey(ByteString.copyFrom(encryptionKey))
        .setSignature(ByteString.copyFrom(signature))
        .setFacts(facts)
        .setOnlyPrivate(onlyPrivate)
        .addAllFormers(formers.stream().map(former -> shown(former, request, token, keys)).toList())
        .build();
  }

  private static FormerIdentity shown(
      HostIdentity former, byte[] request, EnrolmentToken token, NewKeys keys) {
    byte[] signature =
        former
            .signingKey()
            .sign(
                SigningDomain.FORMER_HOST,
                Digests.sha256(request).toByteArray(),
                token.secretHash().toByteArray(),
                keys.signing().verifyingKey().encode())
            .toByteArray();
    return FormerIdentity.newBuilder()
        .setHost(ByteString.copyFrom(former.record().host().toByteArray()))
        .setSignature(ByteString.copyFrom(signature))
        .build();
  }

  private HostIdentity check(EnrolAnswer answer, EnrolmentToken token, NewKeys keys) {
    List<X509Certificate> chain = chain(answer.getCertificatesList());
    Identity identity =
        FleetTrust.following(token.root()).verify(chain, Purpose.TLS_CLIENT, time.now());
    CertifiedKey credential = CertifiedKey.of(keys.tls(), own(chain), randomness);
    HostRecord record =
        new HostRecord(
            id(answer.getFleet(), FleetId::of),
            id(answer.getHost(), HostId::of),
            id(answer.getRepository(), RepositoryId::of),
            token.addresses());
    KeyGrant grant = grant(answer, record, own(chain).getLast());
    boolean agrees =
        identity.principal().equals(new HostPrincipal(record.host()))
            && identity.fleet().equals(record.fleet())
            && grant.repository().equals(record.repository());
    if (!agrees) {
      throw wrongAnswer("its ids contradict each other");
    }
    return new HostIdentity(
        record,
        ReloadableCredential.of(credential),
        PinnedRoots.enrolled(state, PinnedRoots.rootOf(credential)),
        keys.signing(),
        keys.encryption(),
        grant);
  }

  /** Of a private repository, made here; before anything is kept, its root has vouched for it. */
  private KeyGrant grant(EnrolAnswer answer, HostRecord record, X509Certificate root) {
    if (answer.getRepositoryRecovery().isEmpty()) {
      return sharedGrant(answer.getKeyGrant());
    }
    if (!answer.getKeyGrant().isEmpty()) {
      throw wrongAnswer("it gives keys for a repository that it calls private");
    }
    CertifiedRecoveryKey recovery =
        CertifiedRecoveryKey.parse(answer.getRepositoryRecovery().toByteArray());
    PrivateRepository.check(record.repository(), recovery, root);
    PrivateHostKeys made = PrivateHostKeys.generate(record.host(), randomness);
    SecretFile.write(
        state.sealedKeys(), made.seal(record.repository(), recovery.publicKey(), randomness));
    made.recoveryKey().close(); // its private half rests in the sealed form alone
    return made.grant(record.repository(), recovery.publicKey());
  }

  private static KeyGrant sharedGrant(ByteString encoded) {
    KeyGrant grant = KeyGrant.parse(encoded.toByteArray());
    if (grant.isPrivate()) {
      throw wrongAnswer("it gives keys that only the host itself may make");
    }
    return grant;
  }

  /** Leaf, issuing CA and root: the rest was there to find that root. */
  static List<X509Certificate> own(List<X509Certificate> chain) {
    return chain.subList(0, Math.min(CHAIN_LENGTH, chain.size()));
  }

  static List<X509Certificate> chain(List<ByteString> ders) {
    return Certificates.parseChain(ders.stream().map(ByteString::toByteArray).toList());
  }

  private interface IdReader<T> {
    T read(byte[] bytes);
  }

  private static <T> T id(ByteString bytes, IdReader<T> reader) {
    if (bytes.size() != 16) {
      throw wrongAnswer("an id in it does not have 16 bytes");
    }
    return reader.read(bytes.toByteArray());
  }

  private static HoldfastException wrongAnswer(String cause) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        "the coordinator's answer to the enrolment is refused: "
            + cause
            + "; are both sides of one version?");
  }
}
