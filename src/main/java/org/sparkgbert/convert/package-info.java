/**
 * Makes bundles of checkpoints and of ONNX files ({@link org.sparkgbert.convert.ImportModel}), and
 * verifies them ({@link org.sparkgbert.convert.VerifyModel}).
 */
package org.sparkgbert.convert;
