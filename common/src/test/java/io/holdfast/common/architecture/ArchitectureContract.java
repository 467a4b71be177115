package io.holdfast.common.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every module's packages are held to; a module's test gives its name, modules and table. */
public interface ArchitectureContract {
  /** The module's name: its packages lie below {@code io.holdfast.<module>}. */
  String module();

  /** The other modules that this one may use. */
  Set<String> usedModules();

  /** Which package may use which other one of this module, each with the reason. */
  List<Edge> edges();

  @Test
  default void packagesFormNoCycle() {
    PackageRules.noCycleBelow(root()).check(mainClasses());
  }

  @Test
  default void everyEdgeBetweenPackagesIsListed() {
    PackageRules.onlyListedEdgesBelow(root(), edges()).check(mainClasses());
  }

  @Test
  default void onlyTheListedModulesAreUsed() {
    Set<String> modules = new HashSet<>(usedModules());
    modules.add(module());
    PackageRules.onlyModules(modules).check(mainClasses());
  }

  @Test
  default void thirdPartiesEnterThroughTheirOwnPackage() {
    JavaClasses classes = mainClasses();
    ThirdParty.ALL.forEach(thirdParty -> thirdParty.rule().check(classes));
  }

  @Test
  default void timeRandomnessAndThreadsComeFromTheSeam() {
    TidyRules.noBannedUse().check(mainClasses());
  }

  private String root() {
    return "io.holdfast." + module();
  }

  private JavaClasses mainClasses() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages(root());
  }
}
