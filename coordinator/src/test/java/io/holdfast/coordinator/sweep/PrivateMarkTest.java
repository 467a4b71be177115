package io.holdfast.coordinator.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.proof.Fault;
import io.holdfast.coordinator.proof.Verify;
import io.holdfast.coordinator.proof.VerifyListener;
import io.holdfast.coordinator.proof.VerifyTally;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.proto.stored.v1.PackContent;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.RepositoryMode;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mark rests on where a page was lost and is there again, and nobody has proven it yet. */
class PrivateMarkTest {
  private static final VerifyListener NOBODY =
      new VerifyListener() {
        @Override
        public void progress(VerifyTally tally) {}

        @Override
        public void fault(Fault fault) {}
      };

  @ParameterizedTest
  @CsvSource({"REPOSITORY_MODE_SHARED, true", "REPOSITORY_MODE_PRIVATE, false"})
  void aPageThatIsBackShouldBlindAMarkUnlessNobodyCanProveIt(RepositoryMode mode, boolean blind)
      throws Exception {
    TestRepository repository = TestRepository.begun(4, mode);
    TestHost.enrol(repository, "alice").backup().file("a", "first").commit();
    ObjectName pages = pages(repository);
    repository.vault().takeAway(pages);
    verify(repository);
    assertTrue(isBlind(repository), "what it named isn't known");
    repository.vault().bringBack(pages);
    assertTrue(verify(repository).foundAgain() > 0);
    assertEquals(blind, isBlind(repository));
  }

  private static ObjectName pages(TestRepository repository) {
    try (CatalogView view = repository.view()) {
      PackId pack =
          view.packs().from(0, 100).stream()
              .filter(known -> known.pack().content() == PackContent.PACK_CONTENT_PAGES)
              .map(known -> known.pack().id())
              .findFirst()
              .orElseThrow();
      return ObjectName.of(PackLayout.objectName(pack));
    }
  }

  private static VerifyTally verify(TestRepository repository) throws InterruptedException {
    return new Verify(repository.proof())
        .run(ProofLevel.PROOF_LEVEL_CHECKED, Optional.empty(), NOBODY);
  }

  private static boolean isBlind(TestRepository repository) {
    try (CatalogView view = repository.view()) {
      Mark mark = Mark.begin(view, repository.proof().footers());
      while (mark.step(view)) {
        // more is to be followed
      }
      return mark.isBlind();
    }
  }
}
