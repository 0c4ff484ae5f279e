package org.sparkgbert.convert;

import java.util.List;

/**
 * A tokenizer for a bundle.
 *
 * @param content the bytes of its {@code tokenizer.json}; owned, not copied
 * @param notes what of the checkpoint's files is not used, for the output and the manifest
 */
record ImportedTokenizer(byte[] content, List<String> notes) {}
