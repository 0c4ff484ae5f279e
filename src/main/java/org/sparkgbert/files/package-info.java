/**
 * Small helpers for files: checksums, deleting, sample data. They know nothing of models and
 * tables.
 */
package org.sparkgbert.files;
