package io.holdfast.agent.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.holdfast.agent.link.FakeCoordinator;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.SeenStanding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class AuthorityMemoryTest {
  @TempDir private Path directory;
  private StateDirectory state;
  private AuthorityMemory memory;

  @BeforeEach
  void open() {
    state = StateDirectory.open(directory.resolve("state"));
    memory = AuthorityMemory.open(state);
  }

  /** A coordinator comes that doesn't say what it holds. */
  private void welcome(Authority authority) {
    welcome(authority, SeenStanding.SEEN_STANDING_UNSPECIFIED);
  }

  private void welcome(Authority authority, SeenStanding standing) {
    memory.welcome(authority, memory.highest(), standing);
  }

  private static void assertCode(ErrorCode code, Executable action) {
    assertEquals(code, assertThrows(HoldfastException.class, action).code());
  }

  private static Authority at(long term, long seq) {
    return FakeCoordinator.authority(term, seq);
  }

  private static ByteString hash(int of) {
    byte[] hash = new byte[32];
    hash[31] = (byte) of;
    return ByteString.copyFrom(hash);
  }

  private static Authority in(int incarnation, long term, long seq) {
    byte[] id = new byte[16];
    id[0] = (byte) incarnation;
    return at(term, seq).toBuilder().setIncarnation(ByteString.copyFrom(id)).build();
  }

  @Test
  void shouldRefuseALowerTermForEver() {
    welcome(at(5, 10));
    assertCode(ErrorCode.FENCED, () -> welcome(at(4, 11)));
    assertCode(ErrorCode.FENCED, () -> memory.obey(at(4, 11), false));
    AuthorityMemory reopened = AuthorityMemory.open(state);
    assertEquals(memory.highest(), reopened.highest());
    assertCode(ErrorCode.FENCED, () -> reopened.obey(at(4, 11), false));
    reopened.obey(at(5, 10), true);
    reopened.obey(at(6, 12), true);
    assertEquals(6, AuthorityMemory.open(state).highest().getTerm());
  }

  @Test
  void shouldCompareTermsAsUnsigned() {
    welcome(at(-1, 10)); // the highest there is
    assertCode(ErrorCode.FENCED, () -> memory.obey(at(Long.MAX_VALUE, 11), false));
  }

  @Test
  void shouldNeverGoBackToAnIncarnationItHasLeft() {
    welcome(in(1, 7, 100));
    welcome(in(2, 1, 50));
    assertCode(ErrorCode.FENCED, () -> welcome(in(1, 9, 200)));
    AuthorityMemory reopened = AuthorityMemory.open(state);
    assertCode(ErrorCode.FENCED, () -> reopened.obey(in(1, 9, 200), false));
    reopened.obey(in(2, 1, 51), true);
  }

  @Test
  void shouldKeepTheFirstSiteEpoch() {
    welcome(at(1, 1));
    Authority higher = at(9, 9).toBuilder().setSiteEpochNumber(2).build();
    assertCode(ErrorCode.FENCED, () -> welcome(higher));
    Authority rival =
        at(9, 9).toBuilder().setSiteEpochId(ByteString.copyFromUtf8("sixteen bytes id")).build();
    assertCode(ErrorCode.FENCED, () -> memory.obey(rival, false));
  }

  @Test
  void shouldRefuseWritingHereForAJournalThatLostRecords() {
    welcome(at(1, 10));
    welcome(at(2, 9));
    assertCode(ErrorCode.JOURNAL_ROLLED_BACK, () -> memory.obey(at(2, 9), true));
    memory.obey(at(2, 9), false); // a backup only adds
    assertEquals(10, memory.highest().getSeq());
    welcome(at(2, 11));
    memory.obey(at(2, 11), true);
  }

  @Test
  void shouldRefuseWritingHereForAJournalWithAnotherRecordInThatPlace() {
    welcome(at(1, 10));
    Authority other =
        at(1, 10).toBuilder()
            .setRecordHash(
                ByteString.copyFrom(new byte[32]).substring(1).concat(ByteString.copyFromUtf8("x")))
            .build();
    welcome(other);
    assertCode(ErrorCode.JOURNAL_ROLLED_BACK, () -> memory.obey(other, true));
  }

  @Test
  void shouldRefuseWritingHereForALongerJournalThatLostWhatAReceiptShows() {
    welcome(at(1, 10));
    memory.saw(at(1, 10).getIncarnation(), 20, hash(20));
    assertEquals(20, AuthorityMemory.open(state).highest().getSeq());
    assertEquals(hash(20), memory.highest().getRecordHash());

    welcome(at(2, 35), SeenStanding.SEEN_STANDING_LOST);
    assertCode(ErrorCode.JOURNAL_ROLLED_BACK, () -> memory.obey(at(2, 35), true));
    memory.obey(at(2, 35), false); // a backup only adds
    memory.saw(at(2, 35).getIncarnation(), 36, hash(36)); // and its receipt covers nothing up
    assertEquals(20, memory.highest().getSeq());

    welcome(at(3, 40), SeenStanding.SEEN_STANDING_HELD); // the newer vault came back
    memory.obey(at(3, 40), true);
  }

  @Test
  void shouldFollowANewIncarnationOnlyIfAnAcceptedRollbackLeadsToIt() {
    welcome(in(1, 7, 100));
    welcome(in(2, 8, 120), SeenStanding.SEEN_STANDING_LOST);
    assertCode(ErrorCode.JOURNAL_ROLLED_BACK, () -> memory.obey(in(2, 8, 120), true));
    assertEquals(in(1, 7, 100), AuthorityMemory.open(state).highest());
    welcome(in(2, 8, 121), SeenStanding.SEEN_STANDING_ROLLED_BACK);
    memory.obey(in(2, 8, 121), true);
    assertCode(ErrorCode.FENCED, () -> welcome(in(1, 9, 200)));
  }

  @Test
  void shouldNotTakeAReceiptThatCameBetweenHelloAndWelcomeForALoss() {
    welcome(at(1, 10));
    Authority shown = memory.highest();
    memory.saw(shown.getIncarnation(), 12, hash(12));
    memory.welcome(at(1, 11), shown, SeenStanding.SEEN_STANDING_HELD);
    memory.obey(at(1, 11), true);
    assertEquals(12, memory.highest().getSeq());
  }

  @Test
  void shouldTakeAnOrderThatWasMadeBeforeALaterWelcome() {
    welcome(at(1, 10));
    memory.obey(at(1, 8), true);
    assertEquals(10, memory.highest().getSeq());
  }

  @Test
  void shouldRefuseAnOrderThatDoesNotSayWhoseItIs() {
    assertCode(ErrorCode.FENCED, () -> memory.obey(Authority.getDefaultInstance(), false));
    assertCode(ErrorCode.FENCED, () -> memory.obey(at(1, 1).toBuilder().setTerm(0).build(), false));
  }

  @Test
  void shouldNotStartFromAMemoryThatWasChanged() throws IOException {
    welcome(at(5, 10));
    String text = Files.readString(state.authority());
    Files.writeString(state.authority(), text.replace("term 5", "term 4"));
    assertCode(ErrorCode.MALFORMED, () -> AuthorityMemory.open(state));
    Files.writeString(state.authority(), text.substring(0, text.length() / 2));
    assertCode(ErrorCode.MALFORMED, () -> AuthorityMemory.open(state));
  }
}
