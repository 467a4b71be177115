package io.holdfast.agent.enrolment;

import com.google.protobuf.ByteString;
import io.holdfast.agent.link.OrderAuthority;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.SecretFile;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.SeenStanding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The highest authority this host has obeyed, on its disk. Any thread.
 *
 * <ol>
 *   <li>I1: a site epoch never changes here: it rises only by a signed promotion statement, and no
 *       message of this version carries one. The first one seen is the one.
 *   <li>I2: incarnations have no order that a host could know, so it remembers those it has seen:
 *       one it has left for another is old for ever, one it has never seen is newer.
 *   <li>I3: within an incarnation a lower term is refused.
 *   <li>I4: a coordinator has lost or exchanged records if it introduces itself, within an
 *       incarnation, with a lower seq than was seen or with another hash of the same one; or if its
 *       journal, however long and of whatever incarnation, doesn't hold the newest record seen and
 *       no accepted rollback explains that. It is an alarm, and until a coordinator comes that has
 *       not, nothing is written on this host for anybody and nothing of it is remembered; backups,
 *       which only add, go on.
 *   <li>I5: what is obeyed is durable first.
 * </ol>
 */
public final class AuthorityMemory implements OrderAuthority {
  private static final Logger LOG = LoggerFactory.getLogger(AuthorityMemory.class);
  private static final String TITLE = "holdfast-authority";
  private static final int ID_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /** Each one needs an operator who accepts a loss; beyond this something else is going on. */
  private static final int INCARNATIONS_MAX = 1_000;

  private final Path file;
  private Authority highest;

  /** Incarnations left behind, oldest first. */
  private final List<ByteString> left;

  private boolean rolledBack;

  private AuthorityMemory(Path file, Authority highest, List<ByteString> left) {
    this.file = file;
    this.highest = highest;
    this.left = new ArrayList<>(left);
  }

  /** Reads the memory; empty if there is none yet. MALFORMED or UNKNOWN_VERSION for a bad file. */
  public static AuthorityMemory open(StateDirectory state) {
    Path file = state.authority();
    if (!Files.exists(file)) {
      return new AuthorityMemory(file, Authority.getDefaultInstance(), List.of());
    }
    try (Secret content = SecretFile.read(file)) {
      String what = file.toString();
      String encoded = new String(content.toByteArray(), StandardCharsets.UTF_8);
      StateText text = StateText.decode(what, TITLE, encoded);
      return StateText.parsing(
          what,
          () ->
              new AuthorityMemory(
                  file,
                  decode(text),
                  text.all("left").stream().map(AuthorityMemory::bytes).toList()));
    }
  }

  private static Authority decode(StateText text) {
    return Authority.newBuilder()
        .setSiteEpochNumber(Long.parseUnsignedLong(text.one("epoch-number")))
        .setSiteEpochId(bytes(text.one("epoch-id")))
        .setIncarnation(bytes(text.one("incarnation")))
        .setTerm(Long.parseUnsignedLong(text.one("term")))
        .setSeq(Long.parseUnsignedLong(text.one("seq")))
        .setRecordHash(bytes(text.one("record-hash")))
        .build();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  private void save(Authority next, List<ByteString> leftBehind) {
    StateText text =
        new StateText(TITLE)
            .add("epoch-number", Long.toUnsignedString(next.getSiteEpochNumber()))
            .add("epoch-id", hex(next.getSiteEpochId()))
            .add("incarnation", hex(next.getIncarnation()))
            .add("term", Long.toUnsignedString(next.getTerm()))
            .add("seq", Long.toUnsignedString(next.getSeq()))
            .add("record-hash", hex(next.getRecordHash()));
    leftBehind.forEach(incarnation -> text.add("left", hex(incarnation)));
    SecretFile.write(file, text.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Override
  public synchronized Authority highest() {
    return highest;
  }

  @Override
  public synchronized void welcome(Authority authority, Authority shown, SeenStanding standing) {
    refuseIfOld(authority);
    boolean lost =
        !isFirst()
            && (standing == SeenStanding.SEEN_STANDING_LOST || contradicts(authority, shown));
    if (lost && !rolledBack) {
      LOG.error(
          "ALARM: this host has seen record {} of the journal, and a coordinator came whose journal"
              + " stands at record {} and doesn't hold it: records were lost or exchanged. Restores"
              + " on this host are refused until that is cleared up; bring the newer vault back, or"
              + " have the rollback accepted",
          highest.getSeq(),
          authority.getSeq());
    }
    rolledBack = lost;
    if (!lost) {
      remember(authority);
    }
  }

  /**
   * A receipt showed a record of the journal: from now on that is what coordinators have to hold.
   * Durable when this returns.
   */
  public synchronized void saw(ByteString incarnation, long seq, ByteString recordHash) {
    boolean newer =
        !rolledBack
            && incarnation.equals(highest.getIncarnation())
            && Long.compareUnsigned(seq, highest.getSeq()) > 0;
    if (newer) {
      Authority next = highest.toBuilder().setSeq(seq).setRecordHash(recordHash).build();
      save(next, left);
      highest = next;
    }
  }

  /** Coordinators introduce themselves with the head that they stand at, so it never goes back. */
  private static boolean contradicts(Authority authority, Authority shown) {
    int order = Long.compareUnsigned(authority.getSeq(), shown.getSeq());
    return authority.getIncarnation().equals(shown.getIncarnation())
        && (order < 0 || (order == 0 && !authority.getRecordHash().equals(shown.getRecordHash())));
  }

  @Override
  public synchronized void obey(Authority authority, boolean writesHere) {
    refuseIfOld(authority);
    if (rolledBack && writesHere) {
      throw new HoldfastException(
          ErrorCode.JOURNAL_ROLLED_BACK,
          "this host has seen record "
              + Long.toUnsignedString(highest.getSeq())
              + " of the journal and the coordinator's ends before it or differs: nothing is"
              + " written here until that is cleared up at the coordinator's vault");
    }
    if (!rolledBack) {
      remember(authority);
    }
  }

  private void refuseIfOld(Authority authority) {
    refuseMalformed(authority);
    if (isFirst()) {
      return;
    }
    if (authority.getSiteEpochNumber() != highest.getSiteEpochNumber()
        || !authority.getSiteEpochId().equals(highest.getSiteEpochId())) {
      throw fenced(
          "it speaks for site epoch "
              + Long.toUnsignedString(authority.getSiteEpochNumber())
              + " and this host stands by site epoch "
              + Long.toUnsignedString(highest.getSiteEpochNumber())
              + ", which no promotion has ended");
    }
    if (left.contains(authority.getIncarnation())) {
      throw fenced("its journal is one that was given up after a loss");
    }
    if (isSameIncarnation(authority)
        && Long.compareUnsigned(authority.getTerm(), highest.getTerm()) < 0) {
      throw fenced(
          "it leads in term "
              + Long.toUnsignedString(authority.getTerm())
              + " and this host has obeyed term "
              + Long.toUnsignedString(highest.getTerm()));
    }
    if (!isSameIncarnation(authority) && left.size() >= INCARNATIONS_MAX) {
      throw fenced("this host has seen " + INCARNATIONS_MAX + " journals begin anew and stops");
    }
  }

  private static void refuseMalformed(Authority authority) {
    if (authority.getSiteEpochId().size() != ID_BYTES
        || authority.getIncarnation().size() != ID_BYTES
        || authority.getRecordHash().size() != HASH_BYTES
        || authority.getTerm() == 0) {
      throw fenced("it doesn't say whose order it is");
    }
  }

  private boolean isFirst() {
    return highest.getIncarnation().isEmpty();
  }

  private boolean isSameIncarnation(Authority authority) {
    return authority.getIncarnation().equals(highest.getIncarnation());
  }

  /**
   * Keeps the highest seq of an incarnation: an order may have been made before a later welcome.
   */
  private void remember(Authority authority) {
    boolean changesJournal = !isFirst() && !isSameIncarnation(authority);
    boolean isHigher =
        !isSameIncarnation(authority)
            || Long.compareUnsigned(authority.getTerm(), highest.getTerm()) > 0
            || Long.compareUnsigned(authority.getSeq(), highest.getSeq()) > 0;
    if (!isHigher) {
      return;
    }
    List<ByteString> leftBehind = new ArrayList<>(left);
    if (changesJournal) {
      leftBehind.add(highest.getIncarnation());
    }
    Authority next = withHighestSeq(authority);
    save(next, leftBehind);
    left.clear();
    left.addAll(leftBehind);
    highest = next;
  }

  private Authority withHighestSeq(Authority authority) {
    boolean keepsSeq =
        isSameIncarnation(authority)
            && Long.compareUnsigned(highest.getSeq(), authority.getSeq()) > 0;
    return keepsSeq
        ? authority.toBuilder()
            .setSeq(highest.getSeq())
            .setRecordHash(highest.getRecordHash())
            .build()
        : authority;
  }

  private static HoldfastException fenced(String cause) {
    return new HoldfastException(
        ErrorCode.FENCED, "the coordinator is not obeyed: " + cause + "; find the one that leads");
  }
}
