package io.holdfast.coordinator.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.catalog.CatalogConfig;
import io.holdfast.coordinator.catalog.JournalScript;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.stored.v1.TermStarted;
import io.holdfast.proto.wire.v1.CompleteMoveRequest;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.HostFacts;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.function.Executable;

/** A fleet with one coordinator, all of it real but the journal and the vault, from one seed. */
public final class FleetKit implements AutoCloseable {
  public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  public final ManualTime time = new ManualTime(START);
  public final SeededRandomness randomness;
  public final FleetAuthority authority;
  public final IssuingAuthority issuing;
  public final FleetTrust trust;
  public final RepositoryId repository;
  public final RepositoryKeys keys;

  /** A private repository's. */
  public final Optional<HostKeyPair> recovery;

  public final MasterKey master;
  public final MasterInUse inUse;
  public final Catalog catalog;
  public final MemoryJournal journal;
  public final CountingMeter meter = new CountingMeter();
  public final Map<String, byte[]> recoveryKeys = new ConcurrentHashMap<>();
  private final Map<HostId, Machine> machines = new ConcurrentHashMap<>();
  public final FleetPorts ports;
  public final Tokens tokens;
  public final Enrolments enrolments;
  public final SealedHostKeys sealedKeys;
  public final HostDirectory hosts;
  public final HostAuthority hostAuthority;
  public final OpenCalls calls;
  public final Revocations revocations;
  public final HostMoves moves;

  public FleetKit(long seed) {
    this(seed, RepositoryMode.REPOSITORY_MODE_SHARED);
  }

  public FleetKit(long seed, RepositoryMode mode) {
    randomness = new SeededRandomness(seed);
    authority = FleetAuthority.create(FleetId.of(randomness.bytes(16)), time, randomness);
    issuing = authority.issuingAuthority("alpha");
    trust = FleetTrust.of(authority.certificate());
    repository = RepositoryId.of(randomness.bytes(16));
    recovery =
        mode == RepositoryMode.REPOSITORY_MODE_SHARED
            ? Optional.empty()
            : Optional.of(HostKeyPair.generate(randomness));
    keys =
        recovery
            .map(pair ->
                RepositoryKeys.generatePrivate(
                    repository,
                    PrivateRepository.certify(
                        repository, pair.publicKey(), authority.key(), randomness),
                    randomness))
            .orElseGet(() -> RepositoryKeys.generate(repository, randomness));
    master = MasterKey.generate(randomness);
    catalog = Catalog.open(MemoryStore.open(null), JournalScript.begun(), CatalogConfig.defaults());
    journal = new MemoryJournal(repository, catalog, time);
    MutationSealer mutations = new MutationSealer(repository, keys.journalKey(), randomness);
    ports =
        new FleetPorts(
            authority.fleet(),
            repository,
            catalog::view,
            journal,
            mutations,
            journal::wireAuthority,
            meter,
            time,
            randomness);
    tokens = new Tokens(ports, authority::fingerprint);
    inUse = new MasterInUse(master, 1);
    enrolments =
        new Enrolments(
            ports,
            () -> issuing,
            new HostKeys(
                () -> keys,
                inUse,
                (object, sealed) -> recoveryKeys.put(object.name(), sealed),
                randomness),
            IssuingAuthority.HOST_LIFE);
    sealedKeys =
        new SealedHostKeys(
            ports,
            new SealedKeyStore() {
              @Override
              public Optional<byte[]> find(KeyObject object) {
                return Optional.ofNullable(recoveryKeys.get(object.name()));
              }

              @Override
              public void put(KeyObject object, byte[] sealed) {
                recoveryKeys.put(object.name(), sealed);
              }
            },
            inUse,
            () -> keys);
    hosts = new HostDirectory(ports);
    hostAuthority = new HostAuthority(ports);
    calls = new OpenCalls(ports, hostAuthority);
    revocations = new Revocations(ports, calls);
    moves = new HostMoves(ports, hosts, calls);
    begin(mode);
  }

  private void begin(RepositoryMode mode) {
    Genesis genesis =
        Genesis.newBuilder()
            .setFleet(ByteString.copyFrom(authority.fleet().toByteArray()))
            .setRootCertificate(ByteString.copyFrom(Certificates.encode(authority.certificate())))
            .setSite(ByteString.copyFrom(new byte[16]))
            .setMode(mode)
            .build();
    journal
        .append(
            List.of(
                MutationSealer.clear(Change.newBuilder().setGenesis(genesis).build()),
                MutationSealer.clear(
                    Change.newBuilder().setTermStarted(TermStarted.getDefaultInstance()).build())))
        .join();
  }

  /** Keys of one machine. */
  public static final class Machine {
    public final SigningKey tls;
    public final SigningKey signing;
    public final HostKeyPair encryption;

    Machine(SeededRandomness randomness) {
      tls = SigningKey.generate(randomness);
      signing = SigningKey.generate(randomness);
      encryption = HostKeyPair.generate(randomness);
    }
  }

  public Machine machine() {
    return new Machine(randomness);
  }

  public EnrolmentToken token(String hostName) throws InterruptedException {
    return tokens
        .create(
            new Tokens.Wish(hostName, Duration.ZERO, List.of(new Endpoint("127.0.0.1", 7443))),
            "anna")
        .token();
  }

  /** What an honest agent sends. */
  public EnrolRequest.Builder request(EnrolmentToken token, Machine machine, String name) {
    byte[] csr = CertificateRequest.make(machine.tls, randomness);
    byte[] encryptionKey = machine.encryption.publicKey().toByteArray();
    byte[] signature =
        machine
            .signing
            .sign(
                SigningDomain.ENROLMENT,
                Digests.sha256(csr).toByteArray(),
                token.secretHash().toByteArray(),
                encryptionKey)
            .toByteArray();
    return EnrolRequest.newBuilder()
        .setTokenSecret(ByteString.copyFrom(token.secret().toByteArray()))
        .setCertificateRequest(ByteString.copyFrom(csr))
        .setSigningKey(ByteString.copyFrom(machine.signing.verifyingKey().encode()))
        .setEncryptionKey(ByteString.copyFrom(encryptionKey))
        .setSignature(ByteString.copyFrom(signature))
        .setFacts(HostFacts.newBuilder().setName(name));
  }

  /** A host, enrolled. */
  public record Enrolled(HostId id, CertifiedKey credential, Machine machine) {}

  public Enrolled enrol(String name) throws InterruptedException {
    Machine machine = machine();
    EnrolAnswer answer = enrolments.enrol(request(token(""), machine, name).build());
    return enrolled(answer, machine);
  }

  public Enrolled enrolled(EnrolAnswer answer, Machine machine) {
    HostId id = HostId.of(answer.getHost().toByteArray());
    machines.put(id, machine);
    return new Enrolled(
        id, CertifiedKey.of(machine.tls, chain(answer.getCertificatesList()), randomness), machine);
  }

  /** Host {@code id} is of another repository by its own word. */
  public CompleteMoveRequest moveAway(HostId id) throws InterruptedException {
    CompleteMoveRequest request = moved(id, machines.get(id));
    moves.complete(id, request);
    return request;
  }

  /** What says that host {@code id} moved, signed by {@code signer}. */
  CompleteMoveRequest moved(HostId id, Machine signer) {
    return moved(
        id, signer, RepositoryId.of(randomness.bytes(16)), HostId.of(randomness.bytes(16)));
  }

  /** The same of where it went, and what it is there. */
  CompleteMoveRequest moved(HostId id, Machine signer, RepositoryId repositoryThere, HostId anew) {
    byte[] fleet = randomness.bytes(16);
    byte[] there = repositoryThere.toByteArray();
    byte[] host = anew.toByteArray();
    byte[] signature =
        signer
            .signing
            .sign(
                SigningDomain.HOST_MOVED,
                repository.toByteArray(),
                id.toByteArray(),
                fleet,
                there,
                host)
            .toByteArray();
    return CompleteMoveRequest.newBuilder()
        .setFleet(ByteString.copyFrom(fleet))
        .setRepository(ByteString.copyFrom(there))
        .setNewHost(ByteString.copyFrom(host))
        .addAddresses("elsewhere:7443")
        .setSignature(ByteString.copyFrom(signature))
        .build();
  }

  public static List<X509Certificate> chain(List<ByteString> ders) {
    return Certificates.parseChain(ders.stream().map(ByteString::toByteArray).toList());
  }

  /** What a holder gets for a new key. */
  public interface Issue {
    List<X509Certificate> chain(CertificateRequest request);
  }

  /** A credential straight from the CA, past the journal. */
  public CertifiedKey certified(Issue issue) {
    SigningKey key = SigningKey.generate(randomness);
    CertificateRequest request =
        CertificateRequest.verify(CertificateRequest.make(key, randomness));
    return CertifiedKey.of(key, issue.chain(request), randomness);
  }

  public CertifiedKey coordinator() {
    return certified(request ->
        issuing.coordinator(
            request,
            CoordinatorId.of(randomness.bytes(16)),
            Duration.ofDays(90),
            List.of("127.0.0.1")));
  }

  public CertifiedKey operator() {
    return certified(request -> issuing.operator(request, "anna", Duration.ofDays(30)));
  }

  public static HoldfastException assertCode(ErrorCode code, Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  @Override
  public void close() {
    catalog.close();
    keys.close();
    master.close();
  }
}
