package org.sparkgbert.convert.hub;

import java.nio.file.Path;

/**
 * The files of a model at one commit, on this machine's disk.
 *
 * @param directory where they lie, under the names they have on the Hub; links into the cache
 * @param commit the revision's commit, 40 hexadecimal digits
 * @param card what the model's card declares
 */
public record Snapshot(Path directory, String commit, ModelCard card) {}
