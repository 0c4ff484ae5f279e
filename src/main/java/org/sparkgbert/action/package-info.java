/**
 * What every action has: settings in, a typed result out, and in between a listener that hears how
 * far it has come. Actions print nothing and know no command line.
 */
package org.sparkgbert.action;
