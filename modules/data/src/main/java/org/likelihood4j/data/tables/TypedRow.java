package org.likelihood4j.data.tables;

import java.time.ZoneId;
import org.likelihood4j.data.columns.ColumnKind;

/** A row of {@link TypedCell}s. */
public final class TypedRow implements TableRow {
    private final Object[] cells;
    private final ZoneId zone;

    /**
     * A row of missing cells.
     *
     * @param zone of clocks by which dates are written that have no offset
     */
    public TypedRow(int size, ZoneId zone) {
        this.cells = new Object[size];
        this.zone = zone;
    }

    /** Puts a cell in its place; {@code null} where it is missing. */
    public void set(int i, Object cell) {
        cells[i] = cell;
    }

    /** A cell; {@code null} where it is missing. */
    public Object cell(int i) {
        return cells[i];
    }

    @Override
    public boolean isMissing(int i) {
        return TypedCell.isMissing(cells[i]);
    }

    @Override
    public double stored(ColumnKind kind, int i) {
        return isMissing(i) ? Double.NaN : TypedCell.stored(kind, cells[i], zone);
    }

    @Override
    public String text(int i) {
        return cells[i] == null ? "" : TypedCell.texts(cells[i]).get(0);
    }

    @Override
    public boolean isNumber(int i) {
        return (cells[i] instanceof Number number && Double.isFinite(number.doubleValue()))
                || (cells[i] instanceof String text && CellText.isNumber(text, '.'));
    }

    @Override
    public void count(int i, ColumnProfile profile) {
        profile.add(cells[i]);
    }
}
