/** What a Spark session gets if {@code spark.sql.extensions} names the class of this package. */
package org.sparkgbert.sql;
