/** What a Spark session gets in SQL once this project's jar is on the class path. */
package org.sparkgbert.sql;
