package org.sparkgbert.embed;

import java.io.Serializable;

/**
 * What one executor ran on.
 *
 * @param executor Spark's id of the executor
 * @param host its host
 * @param device the device of its session
 * @param note why it is not the preferred one; empty otherwise
 * @param sessions sessions in its JVM
 */
public record ExecutorUse(String executor, String host, String device, String note, int sessions)
    implements Serializable {}
