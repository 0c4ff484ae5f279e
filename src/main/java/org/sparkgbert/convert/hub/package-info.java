/**
 * Downloads the files of a model that an import needs from the Hugging Face Hub, into the cache
 * that Python's huggingface_hub also uses. Independent of Spark.
 *
 * <p><b>Source:</b> huggingface_hub's documentation, "Understand caching" and "Environment
 * variables".
 */
package org.sparkgbert.convert.hub;
