/** Text to token ids: cleaned, counted, cut to what the model can read. */
package org.sparkgbert.tokenize;
