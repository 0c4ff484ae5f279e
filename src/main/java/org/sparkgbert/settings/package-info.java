/**
 * Settings, each declared once: name, type, default, range and meaning. Command lines, MLlib's
 * Params, the file {@code conf/embed.properties} and the README's tables are derived from the
 * declarations.
 */
package org.sparkgbert.settings;
