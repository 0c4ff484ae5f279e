/** Similarities of vectors, and the SQL functions that compute them. */
package org.sparkgbert.vector;
