package io.holdfast.common.architecture;

import static io.holdfast.common.architecture.Edge.edge;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A rule that can't fail protects nothing: each is shown the violation it exists for. */
class PlantedViolationsTest {
  private static final String SAMPLE = "io.holdfast.common.architecture.sample";
  private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(SAMPLE);
  private static final Edge LEFT_TO_RIGHT = edge("left", "right", "the direction we want");

  @Test
  void shouldRefuseCycle() {
    String report = violations(PackageRules.noCycleBelow(SAMPLE));
    assertTrue(report.contains("Slice left") && report.contains("Slice right"), report);
  }

  @Test
  void shouldRefuseUnlistedEdgeAndAllowListedOne() {
    String report = violations(PackageRules.onlyListedEdgesBelow(SAMPLE, List.of(LEFT_TO_RIGHT)));
    assertTrue(report.contains("right -> left isn't in this module's table"), report);
    assertFalse(report.contains("left -> right"), report);
  }

  @Test
  void shouldAllowEveryEdgeWhenTableSaysAny() {
    Edge any = edge(Edge.ANY, Edge.ANY, "for this test");
    ArchRule rule = PackageRules.onlyListedEdgesBelow(SAMPLE, List.of(any));
    assertFalse(rule.evaluate(PLANTED).hasViolation());
  }

  @Test
  void shouldRefuseEdgeWithoutReason() {
    assertThrows(IllegalArgumentException.class, () -> edge("left", "right", " "));
  }

  @Test
  void shouldRefuseForeignModule() {
    String report = violations(PackageRules.onlyModules(Set.of("agent")));
    assertTrue(report.contains("not a module to use here"), report);
  }

  @Test
  void shouldRefuseThirdPartyOutsideItsPackage() {
    List<String> refused =
        ThirdParty.ALL.stream()
            .filter(thirdParty -> thirdParty.rule().evaluate(PLANTED).hasViolation())
            .map(ThirdParty::library)
            .toList();
    assertEquals(List.of("org.bouncycastle.."), refused);
  }

  @Test
  void shouldRefuseClockReferenceSleepThreadAndSerializableEachWithReplacement() {
    String report = violations(TidyRules.noBannedUse());
    assertEquals(
        4, TidyRules.noBannedUse().evaluate(PLANTED).getFailureReport().getDetails().size());
    assertTrue(report.contains("Time and ask its now()"), report);
    assertTrue(report.contains("Time and call its sleep()"), report);
    assertTrue(report.contains("Thread.ofVirtual()"), report);
    assertTrue(report.contains("implements Serializable: write a codec"), report);
  }

  private static String violations(ArchRule rule) {
    return rule.evaluate(PLANTED).getFailureReport().toString();
  }
}
