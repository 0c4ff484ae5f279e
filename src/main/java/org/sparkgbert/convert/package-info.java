/**
 * Makes bundles from checkpoints and ONNX files ({@link org.sparkgbert.convert.ImportModel}), and
 * verifies them ({@link org.sparkgbert.convert.VerifyModel}).
 */
package org.sparkgbert.convert;
