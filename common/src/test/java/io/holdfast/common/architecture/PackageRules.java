package io.holdfast.common.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;

/** Who may use whom, between the packages below one root and between the modules of Holdfast. */
final class PackageRules {
  private static final String HOLDFAST = "io.holdfast";

  private PackageRules() {}

  static ArchRule noCycleBelow(String root) {
    return slices().matching(root + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);
  }

  static ArchRule onlyListedEdgesBelow(String root, List<Edge> edges) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(useOnlyListed(root, edges))
        .allowEmptyShould(true);
  }

  /** {@code modules} includes the module itself. */
  static ArchRule onlyModules(Set<String> modules) {
    return classes()
        .that()
        .resideInAPackage(HOLDFAST + "..")
        .should(useOnlyModules(modules))
        .allowEmptyShould(true);
  }

  private static ArchCondition<JavaClass> useOnlyListed(String root, List<Edge> edges) {
    return new ArchCondition<>("use other packages only along the edges in the table") {
      @Override
      public void check(JavaClass user, ConditionEvents events) {
        for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
          checkEdge(dependency, root, edges, events);
        }
      }
    };
  }

  private static void checkEdge(
      Dependency dependency, String root, List<Edge> edges, ConditionEvents events) {
    JavaClass target = dependency.getTargetClass();
    if (!isBelow(root, target)) {
      return;
    }
    String from = firstNameBelow(root, dependency.getOriginClass());
    String to = firstNameBelow(root, target);
    if (!from.equals(to) && edges.stream().noneMatch(edge -> edge.allows(from, to))) {
      String message =
          "%s -> %s isn't in this module's table of edges: turn the dependency round, or list it"
                  .formatted(from, to)
              + " with its reason. "
              + dependency.getDescription();
      events.add(SimpleConditionEvent.violated(dependency, message));
    }
  }

  private static ArchCondition<JavaClass> useOnlyModules(Set<String> modules) {
    return new ArchCondition<>("use only the modules " + modules) {
      @Override
      public void check(JavaClass user, ConditionEvents events) {
        for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass();
          if (isBelow(HOLDFAST, target) && !modules.contains(firstNameBelow(HOLDFAST, target))) {
            String message = "not a module to use here: " + dependency.getDescription();
            events.add(SimpleConditionEvent.violated(dependency, message));
          }
        }
      }
    };
  }

  private static boolean isBelow(String root, JavaClass type) {
    return (type.getPackageName() + ".").startsWith(root + ".");
  }

  /** The package directly below the root, or the empty name for a class in the root itself. */
  private static String firstNameBelow(String root, JavaClass type) {
    String rest = type.getPackageName().substring(root.length());
    return rest.isEmpty() ? "" : rest.substring(1).split("\\.", 2)[0];
  }
}
