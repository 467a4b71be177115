package io.holdfast.common.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.common.chunking.BlockMapCodec;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.Setting;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.golden.Content;
import io.holdfast.common.golden.Golden;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.identity.VerifyingKey;
import io.holdfast.common.key.Argon2Cost;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyGrant;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.common.key.Wrap;
import io.holdfast.common.match.PathPattern;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackHeader;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.pack.PackTail;
import io.holdfast.common.page.PageCodec;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.sealing.SealedHeader;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.unit.DataRate;
import io.holdfast.common.unit.DataSize;
import io.holdfast.common.unit.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every decoder of bytes from outside that this module has, but those of package-private codecs. */
public class CommonDecodersTest {
  private static final RepositoryId REPOSITORY =
      RepositoryId.parse("00112233445566778899aabbccddeeff");
  private static final HostId HOST = HostId.parse("0123456789abcdef0123456789abcdef");
  private static final Argon2Cost CHEAP = new Argon2Cost(64, 1, 1);

  private final SeededRandomness randomness = new SeededRandomness(1);
  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));

  @TempDir Path directory;

  private static byte[] golden(String name) {
    try (InputStream in = CommonDecodersTest.class.getResourceAsStream("/golden/v1/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** CRC-32C of all before, in the last four bytes. */
  private static byte[] summed(byte[] bytes) {
    return summed(bytes, bytes.length - 4);
  }

  private static byte[] summed(byte[] bytes, int at) {
    if (at >= 0 && bytes.length >= at + 4) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, at);
      ByteBuffer.wrap(bytes).putInt(at, (int) crc.getValue());
    }
    return bytes;
  }

  // Pages, chunks, packs.

  @Test
  void pages() {
    DecoderFuzz.of("page", bytes -> PageCodec.decode(bytes).verify())
        .original(golden("root.page"))
        .original(golden("index.page"))
        .original(golden("leaf.page"))
        .mayThrow(ErrorCode.PAGE_CORRUPT, ErrorCode.LIMIT_EXCEEDED, ErrorCode.UNKNOWN_VERSION)
        .run();
  }

  @Test
  void blockMaps() {
    DecoderFuzz.of("block map", BlockMapCodec::parse)
        .original(new byte[] {1, 13, 0, 0, 0, 0, 0, 0})
        .original(blockMap())
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.LIMIT_EXCEEDED, ErrorCode.UNKNOWN_VERSION)
        .run();
  }

  private static byte[] blockMap() {
    byte[] map = new byte[8 + 5 * 16];
    System.arraycopy(Content.random(9, 80), 0, map, 8, 80);
    ByteBuffer.wrap(map).put((byte) 1).put((byte) 13).putShort((short) 0).putInt(5);
    return map;
  }

  @Test
  void sealedChunks() {
    ChunkKeys keys = ChunkKeys.derive(REPOSITORY, 1, new Bytes32(1, 2, 3, 4), Bytes32.ZERO);
    byte[] plain = Content.low(7, 3_000);
    try (ChunkSealer sealer = new ChunkSealer(keys, SealOptions.STANDARD, randomness);
        ChunkOpener opener = new ChunkOpener(List.of(keys))) {
      ChunkKey data = sealer.key(ChunkKind.DATA, plain, 0, plain.length);
      ChunkKey page = sealer.key(ChunkKind.PAGE, plain, 0, plain.length);
      List<ChunkRef> references = List.of(data.ref(), page.ref());
      byte[] sealedData = sealer.seal(data, plain, 0, plain.length, List.of()).bytes();
      byte[] sealedPage = sealer.seal(page, plain, 0, plain.length, references).bytes();
      for (ChunkKey key : List.of(data, page)) {
        DecoderFuzz.of(
                "sealed chunk of " + key.kind(),
                bytes -> opener.open(key, bytes, 0, bytes.length))
            .original(sealedData)
            .original(sealedPage)
            .mayThrow(
                ErrorCode.CHUNK_CORRUPT,
                ErrorCode.CHUNK_ID_MISMATCH,
                ErrorCode.UNKNOWN_VERSION,
                ErrorCode.LIMIT_EXCEEDED,
                ErrorCode.KEY_UNAVAILABLE)
            .allocatingAtMost(40 << 20)
            .run();
        DecoderFuzz.of(
                "sealed header of " + key.kind(),
                bytes -> touch(SealedHeader.parse(key.ref(), bytes, 0, bytes.length)))
            .original(sealedData)
            .original(sealedPage)
            .mayThrow(
                ErrorCode.CHUNK_CORRUPT, ErrorCode.UNKNOWN_VERSION, ErrorCode.LIMIT_EXCEEDED)
            .run();
      }
    }
  }

  private static void touch(SealedHeader header) {
    for (int i = 0; i < header.referenceCount(); i++) {
      var _ = header.reference(i);
    }
  }

  // Keys.

  private static final ErrorCode[] WRAPS = {
    ErrorCode.MALFORMED,
    ErrorCode.UNKNOWN_VERSION,
    ErrorCode.LIMIT_EXCEEDED,
    ErrorCode.KEY_UNAVAILABLE,
    ErrorCode.PASSPHRASE_WRONG
  };

  @Test
  void wrapsRingsAndRecoveryKeys() {
    try (MasterKey master = MasterKey.generate(randomness);
        ServiceKey service = ServiceKey.generate(randomness);
        Passphrase passphrase = Passphrase.of("correct horse battery".toCharArray());
        RepositoryKeys ring = RepositoryKeys.generate(REPOSITORY, randomness);
        HostRecoveryKey recovery = HostRecoveryKey.generate(HOST, randomness)) {
      byte[] byPassphrase = master.wrap(REPOSITORY, 1, passphrase, CHEAP, randomness);
      byte[] byService = master.wrap(REPOSITORY, 1, service, randomness);
      byte[] sealedRing = ring.seal(master, 1, randomness);
      byte[] sealedKey = recovery.seal(REPOSITORY, master, randomness);
      keyObject("service wrap", bytes -> MasterKey.unwrap(REPOSITORY, 1, bytes, service).close())
          .original(byService)
          .original(byPassphrase)
          .run();
      keyObject(
              "sound wrap",
              bytes ->
                  Wrap.requireSound(KeyObject.masterUnderPassphrase(REPOSITORY, 1), bytes))
          .original(byPassphrase)
          .original(byService)
          .run();
      keyObject("ring", bytes -> RepositoryKeys.open(REPOSITORY, 1, bytes, master).close())
          .original(sealedRing)
          .run();
      keyObject("host key", bytes -> HostRecoveryKey.open(REPOSITORY, HOST, bytes, master).close())
          .original(sealedKey)
          .run();
    }
  }

  private static DecoderFuzz keyObject(String name, DecoderFuzz.Decoder decoder) {
    return DecoderFuzz.of(name, decoder)
        .mayThrow(WRAPS)
        .repairedBy(CommonDecodersTest::summed);
  }

  @Test
  void grants() {
    DecoderFuzz.of("key grant", bytes -> KeyGrant.parse(bytes).close())
        .original(golden("key-grant"))
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.UNKNOWN_VERSION)
        .run();
  }

  @Test
  void sealedBoxes() {
    HostKeyPair pair = HostKeyPair.generate(randomness);
    byte[] box = SealedBox.seal(pair.publicKey(), new byte[4], new byte[4], new byte[32], randomness);
    DecoderFuzz.of(
            "sealed box", bytes -> SealedBox.open(pair, new byte[4], new byte[4], bytes).close())
        .original(box)
        .mayThrow(ErrorCode.MALFORMED)
        .run();
  }

  @Test
  void recoveryKits() {
    DecoderFuzz.of("recovery kit", bytes -> RecoveryKit.parse(new String(bytes, UTF_8)))
        .original(golden("recovery-kit.txt"))
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.UNKNOWN_VERSION)
        .run();
  }

  // Identities.

  @Test
  void certificates() {
    CertifiedKey host = host();
    DecoderFuzz fuzz =
        DecoderFuzz.of("certificate", bytes -> Identity.read(Certificates.parse(bytes)))
            .mayThrow(ErrorCode.CERTIFICATE_INVALID);
    host.chain().forEach(each -> fuzz.original(Certificates.encode(each)));
    fuzz.run();
    DecoderFuzz.of("certificate request", CertificateRequest::verify)
        .original(CertificateRequest.make(SigningKey.generate(randomness), randomness))
        .mayThrow(ErrorCode.CERTIFICATE_INVALID, ErrorCode.SIGNATURE_INVALID, ErrorCode.MALFORMED)
        .run();
  }

  private CertifiedKey host() {
    FleetAuthority fleet = FleetAuthority.create(FleetId.of(randomness.bytes(16)), time, randomness);
    IssuingAuthority issuing = fleet.issuingAuthority("main");
    SigningKey key = SigningKey.generate(randomness);
    CertificateRequest request =
        CertificateRequest.verify(CertificateRequest.make(key, randomness));
    return CertifiedKey.of(key, issuing.host(request, HOST, Duration.ofDays(30)), randomness);
  }

  @Test
  void keysAndSignatures() {
    SigningKey key = SigningKey.generate(randomness);
    DecoderFuzz.of("public key", VerifyingKey::parse)
        .original(key.verifyingKey().encode())
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.CERTIFICATE_INVALID)
        .run();
    DecoderFuzz.of("signature", Signature::of)
        .original(new byte[64])
        .mayThrow(ErrorCode.MALFORMED, ErrorCode.SIGNATURE_INVALID)
        .run();
  }

  @Test
  void pemFiles() throws Exception {
    Path file = directory.resolve("credential.pem");
    PemFiles.writeCredential(file, host());
    byte[] original = Files.readAllBytes(file);
    DecoderFuzz.of(
            "pem",
            bytes -> {
              Files.write(file, bytes);
              Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
              var _ = PemFiles.readCredential(file, randomness);
            })
        .original(original)
        .mayThrow(ErrorCode.KEY_UNAVAILABLE, ErrorCode.MALFORMED, ErrorCode.CERTIFICATE_INVALID)
        .oneRoundIn(8)
        .run();
  }

  @Test
  void tokens() {
    try (EnrolmentToken token =
        new EnrolmentToken(
            List.of(Endpoint.parse("backup.example:7443")),
            Fingerprint.of(host().chain().getLast()),
            Secret.random(randomness, 32))) {
      DecoderFuzz.of(
              "token", bytes -> EnrolmentToken.parse(new String(bytes, ISO_8859_1)).close())
          .original(token.encode().getBytes(ISO_8859_1))
          .mayThrow(ErrorCode.TOKEN_INVALID)
          .run();
    }
  }

  // Texts.

  /** A little of everything that configurations hold. */
  public record Settings(
      @Setting(doc = "a path", byDefault = "/tmp") Path path,
      @Setting(doc = "an address", byDefault = "0.0.0.0:1") HostPort listen,
      @Setting(doc = "addresses") List<HostPort> others,
      @Setting(doc = "labels") Map<String, String> labels,
      @Setting(doc = "a name") Optional<String> name,
      @Setting(doc = "a size", byDefault = "1 MiB", min = "1 KiB", max = "1 GiB") DataSize size,
      @Setting(doc = "a time", byDefault = "1 s") Duration pause,
      @Setting(doc = "a number", byDefault = "2", min = "1", max = "64") int count,
      @Setting(doc = "a section") Section section) {
    /** One level down. */
    public record Section(@Setting(doc = "whether", byDefault = "true") boolean enabled) {}
  }

  private static final String YAML =
      """
      version: 1
      path: /var/lib/x
      listen: 127.0.0.1:7443
      others: [a:1, "b:2"]
      labels: {rack: r1, role: db}
      name: ${HOME}
      size: 4 MiB
      pause: 10 s
      count: 7
      section:
        enabled: false
      """;

  @Test
  void configurations() {
    ConfigLoader<Settings> loader =
        new ConfigLoader<>(Settings.class, name -> Optional.of("value"));
    DecoderFuzz.of("configuration", bytes -> loader.parse("x", new String(bytes, UTF_8), List.of()))
        .original(YAML.getBytes(UTF_8))
        .original("a: &a [*a, *a]\nb: [[[[[[[[[[[[".getBytes(UTF_8))
        .original("[".repeat(5_000).getBytes(UTF_8))
        .original("{".repeat(5_000).getBytes(UTF_8))
        .original(("- ".repeat(3_000) + "x").getBytes(UTF_8))
        .mayThrow(ErrorCode.INVALID_CONFIGURATION)
        .allocatingAtMost(64 << 20)
        .run();
  }

  @Test
  void words() {
    text("pattern", PathPattern::parse, "/srv/**/[a-z]?*.{conf,log}", "**", "[!]a-]*");
    text("size", DataSize::parse, "12 MiB", "1.5 GB", "9223372036854775807");
    text("rate", DataRate::parse, "12 MiB/s", "unlimited", "10 Mbit/s");
    text("duration", Durations::parse, "1 d 2 h", "90 min", "1.5 s");
    text("endpoint", Endpoint::parse, "host:7443", "[::1]:1", "host");
    text("path", EntryPath::of, "a/b/c", "../a", "/a", "a//b");
  }

  /** People's words are refused as invalid arguments, by our exception or the platform's. */
  private static void text(String name, TextDecoder decoder, String... originals) {
    DecoderFuzz fuzz =
        DecoderFuzz.of(
                name,
                bytes -> {
                  try {
                    decoder.decode(new String(bytes, UTF_8));
                  } catch (IllegalArgumentException e) {
                    // documented for words: whoever reads them says where they stood
                  }
                })
            .mayThrow(
                ErrorCode.INVALID_ARGUMENT, ErrorCode.INVALID_CONFIGURATION, ErrorCode.PATH_UNSAFE);
    Arrays.stream(originals).forEach(original -> fuzz.original(original.getBytes(UTF_8)));
    fuzz.run();
  }

  private interface TextDecoder {
    Object decode(String text);
  }

  // Packs.

  @Test
  void packHeadersAndFooters() {
    List<String> words = Golden.lines("page-pack.txt").getFirst();
    byte[] header = HexFormat.of().parseHex(words.get(0));
    byte[] tail = HexFormat.of().parseHex(words.get(1) + words.get(2));
    PackId id = PackId.of(Arrays.copyOfRange(header, 24, 40));
    DecoderFuzz.of("pack header", bytes -> PackHeader.parse(id, bytes, 0, bytes.length))
        .original(header)
        .mayThrow(ErrorCode.PACK_CORRUPT, ErrorCode.UNKNOWN_VERSION)
        .repairedBy(bytes -> summed(bytes, 40))
        .run();
    DecoderFuzz.of(
            "pack footer",
            bytes -> readAll(PackTail.locate(id, bytes, FOOTER_OFFSET + bytes.length), bytes))
        .original(tail)
        .mayThrow(ErrorCode.PACK_CORRUPT, ErrorCode.UNKNOWN_VERSION)
        .repairedBy(CommonDecodersTest::withTrailer)
        .run();
  }

  /** Where the footer of the golden pack begins: after its last entry. */
  private static final int FOOTER_OFFSET = 0x253 + 0x58;

  private static void readAll(PackTail tail, byte[] bytes) {
    if (tail.tailLength() > bytes.length) {
      return; // whoever reads packs fetches more first
    }
    PackFooter footer = tail.footer(bytes);
    for (int entry = 0; entry < footer.entries(); entry++) {
      var _ = footer.owner(footer.ownerIndex(entry));
      var _ = footer.hash(entry);
      for (int i = 0; i < footer.referenceCount(entry); i++) {
        var _ = footer.reference(entry, i);
      }
    }
  }

  private static byte[] withTrailer(byte[] bytes) {
    int length = bytes.length - PackLayout.TRAILER_LENGTH;
    if (length < 0) {
      return bytes;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    ByteBuffer.wrap(bytes)
        .putInt(length, length)
        .putInt(length + 4, (int) crc.getValue())
        .putInt(length + 8, 0x48465045);
    return bytes;
  }
}
