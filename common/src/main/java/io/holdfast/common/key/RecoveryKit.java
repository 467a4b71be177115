package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RepositoryId;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What to print and put into a safe: the repository's id, the fingerprint of the fleet's root
 * certificate, the master key wrapped under the recovery passphrase, and of a private repository
 * its recovery key wrapped likewise. With it, the passphrase and any copy of the vault everything
 * is readable, even where the vault's own {@code keys/} are gone. It opens nothing without the
 * passphrase. Immutable.
 */
public final class RecoveryKit {
  static final int VERSION = 1;

  private static final String BEGIN = "-----BEGIN HOLDFAST RECOVERY KIT-----";
  private static final String END = "-----END HOLDFAST RECOVERY KIT-----";
  private static final int TEXT_CHARS_MAX = 1 << 16;
  private static final int COLUMNS = 64;

  private final RepositoryId repository;
  private final Bytes32 fleetRootFingerprint;
  private final int masterNumber;
  private final byte[] wrappedMaster;
  private final Optional<byte[]> wrappedRecovery;

  /** The kit of a shared repository; as the constructor below. */
  public RecoveryKit(
      RepositoryId repository,
      Bytes32 fleetRootFingerprint,
      int masterNumber,
      byte[] wrappedMaster) {
    this(repository, fleetRootFingerprint, masterNumber, wrappedMaster, Optional.empty());
  }

  /**
   * Copies {@code wrappedMaster}, which must be the object {@link KeyObject#masterUnderPassphrase}
   * of number {@code masterNumber}; MALFORMED if it has not that form.
   *
   * @param wrappedRecovery of a private repository {@link KeyObject#recoveryUnderPassphrase}
   */
  public RecoveryKit(
      RepositoryId repository,
      Bytes32 fleetRootFingerprint,
      int masterNumber,
      byte[] wrappedMaster,
      Optional<byte[]> wrappedRecovery) {
    requirePassphrase(KeyObject.masterUnderPassphrase(repository, masterNumber), wrappedMaster);
    wrappedRecovery.ifPresent(wrap ->
        requirePassphrase(KeyObject.recoveryUnderPassphrase(repository, masterNumber), wrap));
    this.repository = repository;
    this.fleetRootFingerprint = fleetRootFingerprint;
    this.masterNumber = masterNumber;
    this.wrappedMaster = wrappedMaster.clone();
    this.wrappedRecovery = wrappedRecovery.map(byte[]::clone);
  }

  private static void requirePassphrase(KeyObject object, byte[] wrap) {
    if (Wrap.methodOf(object, wrap) != Wrap.Method.PASSPHRASE) {
      throw damaged("its key is not one that a passphrase opens");
    }
  }

  /** A copy of the recovery key's wrap, in the kit of a private repository. */
  public Optional<byte[]> wrappedRecovery() {
    return wrappedRecovery.map(byte[]::clone);
  }

  public RepositoryId repository() {
    return repository;
  }

  /** SHA-256 of the fleet root certificate's DER: what the journal's signatures must lead to. */
  public Bytes32 fleetRootFingerprint() {
    return fleetRootFingerprint;
  }

  public int masterNumber() {
    return masterNumber;
  }

  /** A copy of the wrap's bytes. */
  public byte[] wrappedMaster() {
    return wrappedMaster.clone();
  }

  /**
   * Opens a private repository's recovery key; KEY_UNAVAILABLE for the kit of a shared one,
   * PASSPHRASE_WRONG and the other errors of {@link Wrap}.
   */
  public HostKeyPair openRecovery(Passphrase passphrase) {
    byte[] wrap =
        wrappedRecovery.orElseThrow(() ->
            new HoldfastException(
                ErrorCode.KEY_UNAVAILABLE,
                "the recovery kit, of repository "
                    + repository
                    + ", holds no recovery key of a private repository; take the kit that was made"
                    + " with it"));
    KeyObject object = KeyObject.recoveryUnderPassphrase(repository, masterNumber);
    return RepositoryRecovery.unwrap(object, wrap, passphrase);
  }

  /** Opens the master key; PASSPHRASE_WRONG and the other errors of {@link Wrap}. */
  public MasterKey open(Passphrase passphrase) {
    return MasterKey.unwrap(repository, masterNumber, wrappedMaster, passphrase);
  }

  /** The page to print, with what to do in words. */
  public String print() {
    String fields =
        field("Version", Integer.toString(VERSION))
            + field("Repository", repository.toString())
            + field("Fleet-Root-SHA256", fleetRootFingerprint.toString())
            + field("Master-Key", Integer.toString(masterNumber))
            + base64Fields("Key-", wrappedMaster)
            + wrappedRecovery.map(wrap -> base64Fields("Recovery-Key-", wrap)).orElse("");
    return """
    Holdfast recovery kit

    Keep this page on paper and off line, apart from the recovery passphrase: neither opens
    anything without the other. Whoever has both, and a copy of the vault, can read every
    backup of this repository.

    To restore when nothing else is left:
      1. Type or scan the block below into a file, say kit.txt.
      2. holdfast recover --vault VAULT --kit kit.txt
         asks for the passphrase and needs no coordinator.
    To bring keys back into a vault that lost them: holdfast key import kit.txt

    """
        + BEGIN
        + "\n"
        + fields
        + field("Checksum", checksum(fields))
        + END
        + "\n";
  }

  private static String base64Fields(String name, byte[] wrap) {
    StringBuilder lines = new StringBuilder();
    String all = Base64.getEncoder().encodeToString(wrap);
    for (int at = 0, line = 1; at < all.length(); at += COLUMNS, line++) {
      lines.append(field(name + line, all.substring(at, Math.min(at + COLUMNS, all.length()))));
    }
    return lines.toString();
  }

  private static String field(String name, String value) {
    return name + ": " + value + "\n";
  }

  /**
   * Reads a printed kit, however it was indented or its lines ended. MALFORMED if a line is missing
   * or mistyped, UNKNOWN_VERSION if a later release made it.
   */
  public static RecoveryKit parse(String text) {
    Map<String, String> fields = fields(text);
    checkVersion(take(fields, "Version"));
    checkChecksum(fields);
    try {
      return new RecoveryKit(
          RepositoryId.parse(take(fields, "Repository")),
          Bytes32.parse(take(fields, "Fleet-Root-SHA256")),
          Integer.parseInt(take(fields, "Master-Key")),
          Base64.getDecoder().decode(joinedKey("Key-", fields)),
          fields.containsKey("Recovery-Key-1")
              ? Optional.of(Base64.getDecoder().decode(joinedKey("Recovery-Key-", fields)))
              : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw damaged("a value does not have the form it should");
    }
  }

  private static Map<String, String> fields(String text) {
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (text.length() > TEXT_CHARS_MAX || begin < 0 || end < begin) {
      throw damaged("there is no block from \"" + BEGIN + "\" to \"" + END + "\"");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    text.substring(begin + BEGIN.length(), end)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(line -> addField(fields, line));
    return fields;
  }

  private static void addField(Map<String, String> fields, String line) {
    int colon = line.indexOf(':');
    if (colon < 1) {
      throw damaged("a line has no name and colon");
    }
    String name = line.substring(0, colon).strip();
    if (fields.put(name, line.substring(colon + 1).strip()) != null) {
      throw damaged("the line " + name + " is there twice");
    }
  }

  private static String take(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw damaged("the line " + name + " is missing");
    }
    return value;
  }

  private static String joinedKey(String name, Map<String, String> fields) {
    StringBuilder all = new StringBuilder(take(fields, name + 1));
    for (int line = 2; fields.containsKey(name + line); line++) {
      all.append(fields.get(name + line));
    }
    return all.toString();
  }

  private static void checkVersion(String version) {
    if (!version.equals(Integer.toString(VERSION))) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          "the recovery kit is of version "
              + version
              + "; this release reads version "
              + VERSION
              + ": use the release that printed it, or a later one");
    }
  }

  private static void checkChecksum(Map<String, String> fields) {
    StringBuilder covered = new StringBuilder();
    fields.forEach(
        (name, value) -> covered.append(name.equals("Checksum") ? "" : field(name, value)));
    if (!checksum(covered.toString()).equalsIgnoreCase(take(fields, "Checksum"))) {
      throw damaged(
          "its checksum does not match, so a character was mistyped or a line is missing");
    }
  }

  private static String checksum(String fields) {
    CRC32C crc = new CRC32C();
    crc.update(Hkdf.ascii(fields));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static HoldfastException damaged(String cause) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        "this is no whole recovery kit: " + cause + "; compare it with the printed page");
  }

  @Override
  public String toString() {
    return "RecoveryKit[" + repository + ", master " + masterNumber + "]";
  }
}
