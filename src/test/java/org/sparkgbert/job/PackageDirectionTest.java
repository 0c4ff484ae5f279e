package org.sparkgbert.job;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.files.MissingFileSystem;
import org.sparkgbert.model.NodeCache;

/** A package may use those before it, never those behind it. */
class PackageDirectionTest {
  private static final String ROOT = "org.sparkgbert.";

  /** From the bottom to the top: a package may use those before it. */
  private static final List<String> ORDER =
      List.of(
          "settings",
          "files",
          "model",
          "onnx",
          "tokenize",
          "batch",
          "encode",
          "corpus",
          "action",
          "lake",
          "plan",
          "embed",
          "enrich",
          "vector",
          "sts",
          "search",
          "cluster",
          "check",
          "sql",
          "convert.hub",
          "convert.checkpoint",
          "convert.graph",
          "convert.encoder",
          "convert",
          "train.torch",
          "train",
          "bench",
          "report",
          "job");

  private static final String[] KNOW_NO_SPARK =
      Stream.of("settings", "files", "model", "onnx", "tokenize", "batch", "encode", "convert..")
          .map(name -> ROOT + name)
          .toArray(String[]::new);

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
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(ORDER.stream().map(name -> ROOT + name).toList());
  }

  static List<String> packages() {
    return ORDER;
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageUsesOnlyThoseBeforeIt(String name) {
    String[] behind =
        ORDER.subList(ORDER.indexOf(name) + 1, ORDER.size()).stream()
            .map(other -> ROOT + other)
            .toArray(String[]::new);
    if (behind.length > 0) {
      noClasses()
          .that()
          .resideInAPackage(ROOT + name)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(behind)
          .check(classes);
    }
  }

  @Test
  void batchesModelsTokensAndEncodersKnowNoSpark() {
    noClasses()
        .that()
        .resideInAnyPackage(KNOW_NO_SPARK)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .check(classes);
  }

  @Test
  void onlyClassesOfFileSystemsKnowHadoop() {
    noClasses()
        .that()
        .resideInAnyPackage(KNOW_NO_SPARK)
        .and()
        .doNotBelongToAnyOf(HadoopFiles.class, MissingFileSystem.class, NodeCache.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.hadoop..")
        .check(classes);
  }

  @Test
  void onnxRuntimeStaysInItsPackage() {
    assertOnlyIn("ai.onnxruntime..", ROOT + "onnx");
  }

  @Test
  void graphsAreMadeInConversionAndForSessionsOnly() {
    assertOnlyIn("ai.onnx.proto..", ROOT + "onnx", ROOT + "convert..");
  }

  @Test
  void theTokenizersLibraryStaysInItsPackage() {
    assertOnlyIn("ai.djl.huggingface..", ROOT + "tokenize");
  }

  @Test
  void arraysOfPyTorchStayInTheirPackage() {
    assertOnlyIn("ai.djl..", ROOT + "tokenize", ROOT + "train.torch");
    assertOnlyIn("ai.djl.ndarray..", ROOT + "train.torch");
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
