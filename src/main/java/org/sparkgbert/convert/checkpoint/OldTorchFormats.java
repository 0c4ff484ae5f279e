package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Recognizes what PyTorch wrote before 1.6. */
final class OldTorchFormats {
  private static final int TAR_MAGIC_POSITION = 257;
  private static final byte[] TAR_MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);

  /** A pickle of PyTorch's magic number, 0x1950a86a20f9469cfc6c. */
  private static final byte[] LEGACY = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa85019");

  private OldTorchFormats() {}

  /**
   * @throws IllegalArgumentException if the file has an old format
   */
  static void refuse(MappedFile file) throws IOException {
    if (has(file, 0, LEGACY) || has(file, TAR_MAGIC_POSITION, TAR_MAGIC)) {
      throw new IllegalArgumentException(
          "it must be a zip file, found a format of PyTorch before 1.6; convert it to safetensors");
    }
  }

  private static boolean has(MappedFile file, int position, byte[] magic) throws IOException {
    return file.size() >= position + magic.length
        && Arrays.equals(file.array(position, magic.length), magic);
  }
}
