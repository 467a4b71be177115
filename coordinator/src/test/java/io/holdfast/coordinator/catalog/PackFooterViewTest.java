package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.pack;
import static io.holdfast.coordinator.catalog.JournalScript.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.pack.PackContent;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackHeader;
import io.holdfast.common.sealing.SealedHash;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackFooterViewTest {
  @Test
  void shouldShowTheFooterOfAPack() {
    RepositoryId repository = RepositoryId.of(JournalScript.sixteen("repository"));
    PackFooter.Builder builder =
        new PackFooter.Builder(new PackHeader(PackContent.PAGES, repository, pack(1)));
    SealedHash hash = SealedHash.read(new byte[16], 0);
    builder.addSnapshotRecord(host(1), snapshot(1), 500, 0xDEADBEEF, hash);
    builder.addSnapshotRecord(host(2), snapshot(2), 600, 7, hash);
    FooterView view = FooterView.of(builder.build());
    assertEquals(List.of(host(1), host(2)), view.owners());
    assertEquals(2, view.entries());
    assertEquals(16, view.kind(1));
    assertEquals(snapshot(2).value(), view.id(1));
    assertEquals(1, view.owner(1));
    assertEquals(548, view.offset(1));
    assertEquals(600, view.sealedLength(1));
    assertEquals(600, view.plainLength(1));
    assertEquals(0xDEADBEEF, view.crc32c(0));
  }
}
