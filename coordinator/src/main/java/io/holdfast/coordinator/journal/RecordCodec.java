package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.identity.Signature;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.VoidSlot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

/**
 * Envelope and form of a record (proto/FORMAT.md, section 6):
 *
 * <pre>
 *  0  4  "HFJR"
 *  4  2  version, 1
 *  6  2  zero
 *  8  4  body length
 * 12     RecordBody
 *    64  signature over everything before, in the domain of journal records
 * </pre>
 *
 * <p>Takes no memory in proportion to what a hostile object claims: lengths are compared with the
 * object's, repeated fields are counted before they are built, and of the mutations only those that
 * open a term are parsed. Stateless.
 */
final class RecordCodec {
  static final int VERSION = 1;

  /** The largest object that can be a record. */
  static final int RECORD_BYTES_MAX = 12 + JournalLimits.BODY_BYTES_MAX + Signature.BYTES;

  private static final int MAGIC = 0x48464a52;
  private static final int HEADER_BYTES = 12;
  private static final int ID_BYTES = 16;

  private RecordCodec() {}

  /** The whole object: envelope, body and the signer's signature. */
  static ByteString encode(RecordBody body, RecordSigner signer) {
    if (body.getSerializedSize() > JournalLimits.BODY_BYTES_MAX) {
      throw new HoldfastException(
          ErrorCode.MESSAGE_TOO_LARGE,
          "journal record "
              + body.getSeq()
              + " would have "
              + body.getSerializedSize()
              + " bytes; split the change");
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(MAGIC).putShort((short) VERSION).putShort((short) 0);
    header.putInt(body.getSerializedSize()).flip();
    ByteString unsigned = ByteString.copyFrom(header).concat(body.toByteString());
    return unsigned.concat(ByteString.copyFrom(signer.sign(unsigned.toByteArray())));
  }

  static RecordHash hash(ByteString bytes) {
    MessageDigest digest = Digests.newSha256();
    bytes.asReadOnlyByteBufferList().forEach(digest::update);
    return new RecordHash(Bytes32.of(digest.digest()));
  }

  /**
   * The record that {@code bytes}, found in slot {@code slot}, are.
   *
   * @throws HoldfastException MALFORMED, LIMIT_EXCEEDED, or UNKNOWN_VERSION if a newer version of
   *     Holdfast wrote it
   */
  static JournalRecord parse(long slot, ByteString bytes) {
    Slot at = new Slot(slot);
    try {
      ByteString encoded = at.body(bytes);
      at.checkCounts(encoded.newCodedInput());
      RecordBody body = RecordBody.parseFrom(encoded);
      at.checkFields(body);
      return new JournalRecord(body, at.opening(body), bytes, hash(bytes));
    } catch (IOException e) {
      throw at.malformed("its body can't be parsed (" + e.getMessage() + ")");
    }
  }

  /** Number of the change that {@code clear}, of a record that was parsed, holds. */
  static int changeOf(ByteString clear) {
    try {
      return WireFormat.getTagFieldNumber(clear.newCodedInput().readTag());
    } catch (IOException e) {
      return 0;
    }
  }

  /** The parse of one object, with the slot for its messages. */
  private record Slot(long seq) {
    ByteString body(ByteString bytes) {
      require(bytes.size() >= HEADER_BYTES, "only " + bytes.size() + " bytes are there");
      ByteBuffer header = bytes.substring(0, HEADER_BYTES).asReadOnlyByteBuffer();
      require(header.getInt() == MAGIC, "it doesn't begin with HFJR");
      int version = Short.toUnsignedInt(header.getShort());
      if (version != VERSION) {
        throw newer(
            "has format version " + version + ", this version of Holdfast reads " + VERSION);
      }
      require(header.getShort() == 0, "its reserved bytes aren't zero");
      long length = Integer.toUnsignedLong(header.getInt());
      limit(length, JournalLimits.BODY_BYTES_MAX, "body bytes");
      long expected = HEADER_BYTES + length + Signature.BYTES;
      require(bytes.size() == expected, bytes.size() + " bytes are there, not " + expected);
      return bytes.substring(HEADER_BYTES, HEADER_BYTES + (int) length);
    }

    /** Counts the repeated fields before anything is built from them. */
    void checkCounts(CodedInputStream in) throws IOException {
      int voids = 0;
      int mutations = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        voids += field == RecordBody.VOIDS_FIELD_NUMBER ? 1 : 0;
        mutations += field == RecordBody.MUTATIONS_FIELD_NUMBER ? 1 : 0;
        limit(voids, JournalLimits.VOIDS_MAX, "void slots");
        limit(mutations, JournalLimits.MUTATIONS_MAX, "mutations");
        in.skipField(tag);
      }
    }

    void checkFields(RecordBody body) {
      if (!body.getUnknownFields().asMap().isEmpty()) {
        throw newer(
            "has fields unknown to format version " + VERSION + ", the one this version reads");
      }
      length(body.getRepository(), ID_BYTES, "repository id");
      length(body.getIncarnation(), ID_BYTES, "incarnation");
      length(body.getSiteEpoch().getId(), ID_BYTES, "site epoch id");
      length(body.getWriter(), ID_BYTES, "writer id");
      length(body.getWriterToken(), ID_BYTES, "writer token");
      length(body.getPreviousHash(), Bytes32.LENGTH, "previous hash");
      require(body.getSeq() > 0, "its seq isn't positive");
      require(body.getTerm() > 0, "its term isn't positive");
      require(body.getSiteEpoch().getNumber() > 0, "its site epoch isn't positive");
      require(body.getTimeMillis() >= 0, "its time is negative");
      require(body.getPreviousSeq() >= 0, "its previous seq is negative");
      require(body.getPreviousSeq() < body.getSeq(), "its predecessor isn't below it");
      checkVoids(body.getVoidsList());
    }

    private void checkVoids(List<VoidSlot> voids) {
      for (VoidSlot slot : voids) {
        length(slot.getHash(), Bytes32.LENGTH, "hash of a void slot");
      }
    }

    /** What the first mutations say; openings stand nowhere else. */
    Opening opening(RecordBody body) throws InvalidProtocolBufferException, IOException {
      List<Mutation> mutations = body.getMutationsList();
      require(!mutations.isEmpty(), "it has no mutation");
      int first = changeNumber(mutations.getFirst().getClear());
      boolean starts = first == Change.GENESIS_FIELD_NUMBER;
      boolean rollsBack = first == Change.ROLLBACK_ACCEPTED_FIELD_NUMBER;
      int termAt = starts || rollsBack ? 1 : 0;
      boolean opens = termAt == 1 || first == Change.TERM_STARTED_FIELD_NUMBER;
      for (int i = 0; i < mutations.size(); i++) {
        boolean here = isOpening(changeNumber(mutations.get(i).getClear()));
        require(here == (opens && i <= termAt), "mutation " + i + " isn't in its place");
      }
      require(starts == (body.getSeq() == 1), "a first record alone begins with genesis");
      if (!opens) {
        return new Opening.Continues();
      }
      List<ByteString> certificates = certificates(mutations.get(termAt));
      if (starts) {
        return new Opening.StartsJournal(genesis(mutations.getFirst()), certificates);
      }
      return rollsBack ? rollback(body, certificates) : new Opening.StartsTerm(certificates);
    }

    private Genesis genesis(Mutation mutation) throws InvalidProtocolBufferException {
      Genesis genesis = openingChange(mutation).getGenesis();
      length(genesis.getFleet(), ID_BYTES, "fleet id");
      length(genesis.getSite(), ID_BYTES, "site id");
      require(!genesis.getRootCertificate().isEmpty(), "its genesis pins no root certificate");
      return genesis;
    }

    private Opening rollback(RecordBody body, List<ByteString> certificates)
        throws InvalidProtocolBufferException {
      var accepted = openingChange(body.getMutations(0)).getRollbackAccepted();
      require(
          accepted.getLastValidSeq() == body.getPreviousSeq()
              && accepted.getLastValidHash().equals(body.getPreviousHash()),
          "its rollback names another slot than its predecessor");
      require(body.getPreviousSeq() > 0, "its rollback names no valid slot");
      length(accepted.getEndedIncarnation(), ID_BYTES, "ended incarnation");
      require(body.getVoidsCount() == 0, "a rollback lists no void slots: all before it are");
      return new Opening.RollsBack(
          IncarnationId.of(accepted.getEndedIncarnation().toByteArray()), certificates);
    }

    private List<ByteString> certificates(Mutation mutation) throws InvalidProtocolBufferException {
      Change change = openingChange(mutation);
      require(change.hasTermStarted(), "genesis or a rollback isn't followed by a term's start");
      List<ByteString> certificates = change.getTermStarted().getCertificatesList();
      limit(certificates.size(), JournalLimits.CERTIFICATES_MAX, "certificates");
      require(!certificates.isEmpty(), "its term's start names no certificate");
      return List.copyOf(certificates);
    }

    private Change openingChange(Mutation mutation) throws InvalidProtocolBufferException {
      limit(mutation.getClear().size(), JournalLimits.OPENING_BYTES_MAX, "bytes in an opening");
      return Change.parseFrom(mutation.getClear());
    }

    private static boolean isOpening(int change) {
      return change == Change.GENESIS_FIELD_NUMBER
          || change == Change.TERM_STARTED_FIELD_NUMBER
          || change == Change.ROLLBACK_ACCEPTED_FIELD_NUMBER;
    }

    /** Which change the clear part is, without building it; exactly one, and one we know. */
    private int changeNumber(ByteString clear) throws IOException {
      CodedInputStream in = clear.newCodedInput();
      int tag = in.readTag();
      require(tag != 0, "a mutation is empty");
      in.skipField(tag);
      require(in.isAtEnd(), "a mutation holds more than one change");
      int number = WireFormat.getTagFieldNumber(tag);
      if (Change.getDescriptor().findFieldByNumber(number) == null) {
        throw newer("holds change " + number + ", unknown to format version " + VERSION);
      }
      return number;
    }

    private void length(ByteString bytes, int expected, String field) {
      require(bytes.size() == expected, "its " + field + " has " + bytes.size() + " bytes");
    }

    private void require(boolean holds, String otherwise) {
      if (!holds) {
        throw malformed(otherwise);
      }
    }

    private void limit(long actual, long limit, String what) {
      if (actual > limit) {
        throw new HoldfastException(
            ErrorCode.LIMIT_EXCEEDED,
            "journal slot " + seq + " claims " + actual + " " + what + ", the limit is " + limit);
      }
    }

    HoldfastException malformed(String why) {
      return new HoldfastException(
          ErrorCode.MALFORMED, "journal slot " + seq + " doesn't hold a record: " + why);
    }

    private HoldfastException newer(String why) {
      return new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          "journal slot " + seq + " " + why + ": upgrade this coordinator");
    }
  }
}
