package org.sparkgbert.tokenize;

/** What is done to the characters of a text before it is tokenized. */
public enum UnicodeForm {
  /** Letters and their combining marks become one character: "a" + U+0308 becomes "ä". */
  NFC,
  /** Characters stay as they are. */
  NONE
}
