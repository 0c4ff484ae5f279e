/** What a Spark session knows when {@code spark.sql.extensions} names the class of this package. */
package org.sparkgbert.sql;
