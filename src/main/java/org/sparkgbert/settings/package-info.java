/**
 * Settings, each declared once: name, type, default, range and meaning. Command lines, MLlib's
 * Params, the file {@code conf/embed.properties} and the README's tables follow from the
 * declarations.
 */
package org.sparkgbert.settings;
