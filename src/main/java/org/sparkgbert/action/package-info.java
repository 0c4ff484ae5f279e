/**
 * What every action has: settings in, a typed result out, and a listener that follows its progress.
 * Actions print nothing and know nothing about the command line.
 */
package org.sparkgbert.action;
