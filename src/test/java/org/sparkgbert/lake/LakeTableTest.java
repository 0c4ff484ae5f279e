package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;

class LakeTableTest {
  private static final Identifier ID = Identifier.of(new String[] {"lake"}, "articles");
  private static final StructType WANTED =
      new StructType().add("status", DataTypes.StringType).add("tokens", DataTypes.IntegerType);

  @Test
  void columnsThatAreMissingAreAdded() {
    Catalog catalog = new Catalog("id", "STATUS");
    assertThat(table(catalog).addMissing(WANTED)).isTrue();
    assertThat(catalog.names()).containsExactly("id", "STATUS", "tokens");
    assertThat(table(catalog).addMissing(WANTED)).isFalse();
  }

  @Test
  void columnsThatAnotherWriterAddsAtTheSameTimeAreNotAddedTwice() {
    Catalog all = new Catalog("id");
    all.addsFirst = WANTED;
    assertThat(table(all).addMissing(WANTED)).isFalse();
    assertThat(all.names()).containsExactly("id", "status", "tokens");
    Catalog some = new Catalog("id");
    some.addsFirst = new StructType().add("tokens", DataTypes.IntegerType);
    assertThat(table(some).addMissing(WANTED)).isTrue();
    assertThat(some.names()).containsExactly("id", "tokens", "status");
  }

  @Test
  void aColumnThatAnotherWriterAddsWithAnotherTypeIsRefused() {
    Catalog catalog = new Catalog("id");
    catalog.addsFirst = new StructType().add("tokens", DataTypes.StringType);
    assertThatThrownBy(() -> table(catalog).addMissing(WANTED))
        .hasMessage(
            "Cannot add column 'tokens' to table `fake`.`lake`.`articles`: another writer added it as string, expected int");
    assertThat(catalog.names()).containsExactly("id", "tokens");
  }

  @Test
  void whatTheCatalogRefusesIsNotTriedAgain() {
    Catalog catalog = new Catalog("id");
    catalog.isReadOnly = true;
    assertThatThrownBy(() -> table(catalog).addMissing(WANTED)).hasMessage("read only");
    assertThat(catalog.names()).containsExactly("id");
  }

  private static LakeTable table(Catalog catalog) {
    return new LakeTable(catalog, ID, catalog.loadTable(ID));
  }

  /** A catalog of one table, to which another writer may add columns just before one does. */
  private static final class Catalog implements TableCatalog {
    private final List<Column> columns = new ArrayList<>();
    private StructType addsFirst = new StructType();
    private boolean isReadOnly;

    private Catalog(String... names) {
      for (String name : names) {
        columns.add(Column.create(name, DataTypes.StringType));
      }
    }

    private List<String> names() {
      return columns.stream().map(Column::name).toList();
    }

    @Override
    public Table alterTable(Identifier id, TableChange... changes) {
      if (isReadOnly) {
        throw new UnsupportedOperationException("read only");
      }
      for (var field : addsFirst.fields()) {
        columns.add(Column.create(field.name(), field.dataType()));
      }
      addsFirst = new StructType();
      List<Column> all = new ArrayList<>(columns);
      for (TableChange change : changes) {
        TableChange.AddColumn added = (TableChange.AddColumn) change;
        String name = added.fieldNames()[0];
        if (all.stream().anyMatch(column -> column.name().equals(name))) {
          throw new IllegalArgumentException("Cannot add column, name already exists: " + name);
        }
        all.add(Column.create(name, added.dataType()));
      }
      columns.clear();
      columns.addAll(all);
      return loadTable(id);
    }

    @Override
    public Table loadTable(Identifier id) {
      return new Definition(columns.toArray(Column[]::new));
    }

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public void initialize(String name, CaseInsensitiveStringMap options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Identifier[] listTables(String[] namespace) {
      return new Identifier[] {ID};
    }

    @Override
    public boolean dropTable(Identifier id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void renameTable(Identifier from, Identifier to) {
      throw new UnsupportedOperationException();
    }
  }

  private record Definition(Column[] columns) implements Table {
    @Override
    public String name() {
      return ID.toString();
    }

    @Override
    public Transform[] partitioning() {
      return new Transform[0];
    }

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of();
    }
  }
}
