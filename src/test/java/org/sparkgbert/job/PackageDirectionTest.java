package org.sparkgbert.job;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.model.NodeCache;

/** A package may use those before it, never those behind it. */
class PackageDirectionTest {
  private static final String ROOT = "org.sparkgbert.";

  /** From the bottom to the top. */
  private static final List<String> ORDER =
      List.of(
          "model",
          "corpus",
          "tokenize",
          "batch",
          "encode",
          "embed",
          "sts",
          "cluster",
          "lake",
          "bench",
          "report",
          "job");

  /** Conversion stands between encoders, which it tries bundles with, and jobs. */
  private static final List<String> CONVERSION =
      List.of(
          ROOT + "model.convert",
          ROOT + "model.convert.checkpoint",
          ROOT + "model.convert.graph",
          ROOT + "model.convert.hub");

  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.sparkgbert");
  }

  @Test
  void everyPackageHasItsPlace() {
    Set<String> found = classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    List<String> known = new ArrayList<>(ORDER.stream().map(name -> ROOT + name).toList());
    known.addAll(CONVERSION);
    assertThat(found).containsExactlyInAnyOrderElementsOf(known);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model",
        "corpus",
        "tokenize",
        "batch",
        "encode",
        "embed",
        "sts",
        "cluster",
        "lake",
        "bench",
        "report",
        "job"
      })
  void aPackageUsesOnlyThoseBeforeIt(String name) {
    String[] behind =
        ORDER.subList(ORDER.indexOf(name) + 1, ORDER.size()).stream()
            .map(other -> ROOT + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(ROOT + name)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(behind)
        .check(classes);
  }

  @Test
  void onlyJobsUseConversion() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "job", ROOT + "model.convert..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "model.convert..")
        .check(classes);
  }

  @Test
  void partsOfConversionKnowNothingAboveThem() {
    noClasses()
        .that()
        .resideInAnyPackage(CONVERSION.subList(1, 4).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "model.convert", ROOT + "encode")
        .check(classes);
  }

  @Test
  void conversionUsesModelsAndEncodersOnly() {
    classes()
        .that()
        .resideInAPackage(ROOT + "model.convert..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "model",
            ROOT + "model.convert..",
            ROOT + "tokenize",
            ROOT + "encode",
            "ai.onnx..",
            "java..",
            "com.fasterxml.jackson..",
            "com.google..")
        .check(classes);
  }

  @Test
  void nobodyUsesJobs() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "job")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "job")
        .check(classes);
  }

  @Test
  void batchesModelsTokensAndEncodersKnowNoSpark() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "batch", ROOT + "model..", ROOT + "tokenize", ROOT + "encode")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .check(classes);
  }

  @Test
  void onlyTheNodeCacheOfModelsKnowsHadoop() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "batch", ROOT + "model..", ROOT + "tokenize", ROOT + "encode")
        .and()
        .doNotBelongToAnyOf(NodeCache.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.hadoop..")
        .check(classes);
  }

  @Test
  void onnxRuntimeStaysInItsPackage() {
    assertOnlyIn("ai.onnxruntime..", ROOT + "encode", ROOT + "model.convert..");
  }

  @Test
  void graphsAreMadeInConversionAndByEncodersOnly() {
    assertOnlyIn("ai.onnx.proto..", ROOT + "encode", ROOT + "model.convert..");
  }

  @Test
  void theTokenizersLibraryStaysInItsPackage() {
    assertOnlyIn("ai.djl..", ROOT + "tokenize");
  }

  @Test
  void theStemmersLibraryStaysWithClusters() {
    assertOnlyIn("opennlp..", ROOT + "cluster");
  }

  @Test
  void commandLinesAreParsedInJobsOnly() {
    assertOnlyIn("picocli..", ROOT + "job");
  }

  /** The rule would hold for a library that nobody uses, so the use is asserted too. */
  private static void assertOnlyIn(String library, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(classes);
    String prefix = library.replace("..", ".");
    assertThat(classes.that(alwaysTrue()))
        .anyMatch(
            each ->
                each.getDirectDependenciesFromSelf().stream()
                    .anyMatch(use -> use.getTargetClass().getName().startsWith(prefix)));
  }
}
