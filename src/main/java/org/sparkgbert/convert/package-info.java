/**
 * Makes bundles: from an ONNX file that returns token vectors to a graph that returns sentences.
 */
package org.sparkgbert.convert;
