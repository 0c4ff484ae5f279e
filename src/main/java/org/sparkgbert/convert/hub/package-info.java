/**
 * Downloads what an import needs of a model from the Hugging Face Hub, into the cache that Python's
 * huggingface_hub uses too. No Spark in here.
 *
 * <p><b>Source:</b> huggingface_hub's documentation, "Understand caching" and "Environment
 * variables".
 */
package org.sparkgbert.convert.hub;
