package io.holdfast.common.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/**
 * A library and the only packages that may name its types, so that replacing it, or surviving its
 * next release, is the work of one package. Patterns are ArchUnit's: {@code *} is one name, {@code
 * ..} any number of them.
 */
record ThirdParty(String library, List<String> entries, String reason) {
  static final List<ThirdParty> ALL =
      List.of(
          new ThirdParty(
              "org.rocksdb..",
              List.of("io.holdfast.coordinator.catalog.."),
              "native handles have one owner"),
          new ThirdParty(
              "io.grpc..",
              List.of("io.holdfast.*.rpc..", "io.holdfast.*.link.."),
              "the logic below runs in the simulation without a network"),
          new ThirdParty(
              "io.prometheus..",
              List.of("io.holdfast.coordinator.metrics.."),
              "metric names are one page"),
          new ThirdParty(
              "io.etcd..",
              List.of("io.holdfast.coordinator.leadership.."),
              "etcd is used in four shapes only"),
          new ThirdParty(
              "jakarta.mail..", List.of("io.holdfast.coordinator.notify.."), "mail is one channel"),
          new ThirdParty(
              "software.amazon.awssdk..",
              List.of("io.holdfast.coordinator.vault.."),
              "everybody else sees a vault"),
          new ThirdParty(
              "picocli..", List.of("io.holdfast.deploy.."), "only the launcher has a command line"),
          new ThirdParty(
              "org.bouncycastle..",
              List.of(
                  "io.holdfast.common.identity..",
                  "io.holdfast.common.key..",
                  "io.holdfast.common.sealing.."),
              "cryptography is reviewed in three packages"));

  ArchRule rule() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(entries.toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because(reason + "; use what " + String.join(" or ", entries) + " offers instead")
        .allowEmptyShould(true);
  }
}
