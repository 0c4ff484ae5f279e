package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.sparkgbert.ChildJvm;

/** PyTorch's jars may be missing, and its threads may be one or many: each in a JVM of its own. */
class TorchJarsTest {
  /** What the other JVM runs. */
  public static void main(String[] arguments) {
    try {
      System.out.println(Torch.version() + " with " + Torch.threads() + " threads");
    } catch (TorchException e) {
      System.out.println(e.getMessage());
    }
  }

  @Test
  void withoutItsJarsOneLineSaysWhatIsMissing() throws IOException, InterruptedException {
    ProcessBuilder process = process();
    process.environment().put("CLASSPATH", classPath(process, "pytorch"));
    assertThat(lastLine(process))
        .isEqualTo(
            "Cannot load PyTorch: the class path must have the jars that target/training.classpath"
                + " lists, found none of them; build first, and start training with jobs/train.sh");
  }

  @Test
  void withoutItsNativeLibraryNothingIsDownloaded() throws IOException, InterruptedException {
    ProcessBuilder process = process();
    process.environment().put("CLASSPATH", classPath(process, "pytorch-native"));
    assertThat(lastLine(process))
        .startsWith("Cannot load PyTorch: its library must fit this machine, found ");
  }

  @Test
  void threadsThatDoNotSpinAreAsManyAsProcessors() throws IOException, InterruptedException {
    ProcessBuilder passive = process();
    passive.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    assertThat(lastLine(passive)).isEqualTo("2.7.1 with 3 threads");
    ProcessBuilder spinning = process();
    spinning.environment().remove("OMP_WAIT_POLICY");
    assertThat(lastLine(spinning)).isEqualTo("2.7.1 with 1 threads");
  }

  private static ProcessBuilder process() {
    return ChildJvm.of(
        List.of("-XX:ActiveProcessorCount=3", "-Xmx256m", TorchJarsTest.class.getName()));
  }

  /** The class path without the jars whose names begin so. */
  private static String classPath(ProcessBuilder process, String without) {
    return Arrays.stream(process.environment().get("CLASSPATH").split(File.pathSeparator))
        .filter(entry -> !new File(entry).getName().startsWith(without))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String lastLine(ProcessBuilder process) throws IOException, InterruptedException {
    Process running = process.start();
    String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor()).as(output).isZero();
    return output.lines().reduce("", (before, line) -> line);
  }
}
