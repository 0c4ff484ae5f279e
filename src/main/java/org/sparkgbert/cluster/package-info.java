/** Groups embeddings with MLlib, names the groups by their words, and judges them. */
package org.sparkgbert.cluster;
