/**
 * Makes HTML pages from finished results: one file each, which loads nothing. Content from a corpus
 * is shown as text and never run.
 */
package org.sparkgbert.report;
