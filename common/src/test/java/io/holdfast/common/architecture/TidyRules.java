package io.holdfast.common.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.Externalizable;
import java.io.Serializable;
import java.util.List;

/** What main code may not call or implement, method references included. */
final class TidyRules {
  private static final String SEAM = "io.holdfast.common.seam";
  private static final List<Class<?>> SERIAL = List.of(Serializable.class, Externalizable.class);

  private TidyRules() {}

  static ArchRule noBannedUse() {
    return classes()
        .that()
        .resideOutsideOfPackage(SEAM)
        .should(useNothingBanned())
        .allowEmptyShould(true);
  }

  private static ArchCondition<JavaClass> useNothingBanned() {
    return new ArchCondition<>("use nothing banned") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getAccessesFromSelf().forEach(access -> checkAccess(access, events));
        checkNotSerializable(type, events);
      }
    };
  }

  private static void checkAccess(JavaAccess<?> access, ConditionEvents events) {
    for (BannedUse banned : BannedUse.ALL) {
      if (banned.matches(access)) {
        String message = access.getDescription() + ": " + banned.replacement();
        events.add(SimpleConditionEvent.violated(access, message));
      }
    }
  }

  /** Only a class's own clause counts: every enum and exception inherits the interface. */
  private static void checkNotSerializable(JavaClass type, ConditionEvents events) {
    boolean serial =
        type.getRawInterfaces().stream()
            .anyMatch(face -> SERIAL.stream().anyMatch(face::isEquivalentTo));
    if (serial) {
      String message = type.getDescription() + " implements Serializable: " + BannedUse.CODEC;
      events.add(SimpleConditionEvent.violated(type, message));
    }
  }
}
