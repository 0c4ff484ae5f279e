package org.sparkgbert.model;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * The shape of an encoder.
 *
 * @param family the network's family, such as {@code bert}
 * @param layers count of transformer layers
 * @param hiddenSize width of the hidden states
 * @param heads attention heads per layer
 * @param vocabulary count of token embeddings
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Architecture(String family, int layers, int hiddenSize, int heads, int vocabulary) {}
