package org.likelihood4j.data.csv;

import java.util.List;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.tables.CellText;
import org.likelihood4j.data.tables.ColumnProfile;
import org.likelihood4j.data.tables.TableRow;

/** A row of text. */
final class TextRow implements TableRow {
    private final CsvForm form;
    private final char decimal;
    private final int[] places;
    private List<String> cells = List.of();

    /** @param columns whose cells it has */
    TextRow(CsvForm form, List<String> columns) {
        this.form = form;
        this.decimal = form.dialect().decimal();
        this.places = columns.stream().mapToInt(form.head()::place).toArray();
    }

    /**
     * The same row with other cells.
     *
     * @throws org.likelihood4j.data.DataException if it has others than the first row
     */
    TextRow with(List<String> row, long line) {
        form.head().requireFit(row, line, form.file(), form.dialect());
        cells = row;
        return this;
    }

    @Override
    public boolean isMissing(int i) {
        return CellText.isMissing(text(i));
    }

    @Override
    public double stored(ColumnKind kind, int i) {
        return CellText.stored(kind, text(i), decimal);
    }

    @Override
    public String text(int i) {
        return form.head().cell(cells, places[i]);
    }

    @Override
    public boolean isNumber(int i) {
        return CellText.isNumber(text(i), decimal);
    }

    @Override
    public void count(int i, ColumnProfile profile) {
        profile.add(text(i), CellText.number(text(i), decimal));
    }
}
