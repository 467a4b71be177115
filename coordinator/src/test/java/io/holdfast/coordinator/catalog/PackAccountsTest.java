package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.change;
import static io.holdfast.coordinator.catalog.JournalScript.data;
import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.lose;
import static io.holdfast.coordinator.catalog.JournalScript.pack;
import static io.holdfast.coordinator.catalog.JournalScript.readWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostQuotaSet;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What hosts fill of the vault, and when packs were read last. */
class PackAccountsTest {
  private static final HostId ALICE = host(1);
  private static final HostId BOB = host(2);

  private final JournalScript journal = JournalScript.begun();
  private final Catalog catalog =
      Catalog.open(MemoryStore.open(null), journal, CatalogConfig.defaults());

  @AfterEach
  void close() {
    catalog.close();
  }

  private <T> T ask(Function<CatalogView, T> question) {
    journal.from(catalog.appliedSeq() + 1).forEach(catalog::apply);
    try (CatalogView view = catalog.view()) {
      return question.apply(view);
    }
  }

  private long stored(HostId host) {
    return ask(view -> view.fleet().storedBytes(host));
  }

  private List<PackId> longestUnread() {
    return ask(view ->
        view.packs().leastRecentlyRead(9).stream().map(each -> each.pack().pack().id()).toList());
  }

  @Test
  void shouldCountWhatEachHostUploadedUntilThePackIsGone() {
    journal.register(
        ScriptedFooter.data(pack(1)).add(data(1), ALICE).add(data(2), BOB).add(data(3), BOB));
    journal.register(ScriptedFooter.data(pack(2)).add(data(4), ALICE));
    assertEquals(2_000, stored(ALICE));
    assertEquals(2_000, stored(BOB));
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_BYTES_DAMAGED, 1));
    assertEquals(2_000, stored(BOB), "the pack is still there");
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PACK_MISSING));
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PACK_MISSING));
    assertEquals(1_000, stored(ALICE));
    assertEquals(0, stored(BOB));
  }

  @Test
  void shouldKeepTheQuotaThatWasSetLast() {
    journal.record(quota(BOB, 5));
    assertEquals(OptionalLong.empty(), ask(view -> view.fleet().quota(BOB)), "not enrolled");
  }

  private static Change quota(HostId host, long bytes) {
    return change(c ->
        c.setHostQuotaSet(
            HostQuotaSet.newBuilder()
                .setHost(ByteString.copyFrom(host.toByteArray()))
                .setBytes(bytes)));
  }

  @Test
  void shouldOrderPacksByWhenAllOfThemWasRead() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE));
    journal.later(Duration.ofHours(1));
    journal.register(ScriptedFooter.data(pack(2)).add(data(2), ALICE));
    assertEquals(List.of(pack(1), pack(2)), longestUnread());
    journal.later(Duration.ofHours(1));
    journal.record(JournalScript.prove(pack(1), ProofLevel.PROOF_LEVEL_CHECKED, 0));
    assertEquals(List.of(pack(1), pack(2)), longestUnread(), "a part isn't all");
    journal.record(readWhole(pack(1), 0));
    assertEquals(List.of(pack(2), pack(1)), longestUnread());
    journal.record(lose(pack(2), LossCause.LOSS_CAUSE_PACK_MISSING));
    assertEquals(List.of(pack(1)), longestUnread());
  }

  @Test
  void shouldTakeNothingForGoodThatAWholeReadingLeftOut() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE));
    journal.record(readWhole(pack(1)));
    assertEquals(0L, ask(view -> view.totals().of(Total.CHECKED_ENTRIES)).longValue());
  }
}
