package org.likelihood4j.data.tables;

/** Which rows of a file are wanted, asked of each in turn. */
public final class WantedRows {
    /** Null for all. */
    private final int[] places;

    private int taken;

    private WantedRows(int[] places) {
        this.places = places;
    }

    public static WantedRows all() {
        return new WantedRows(null);
    }

    /**
     * The rows at some places.
     *
     * @param places from 0, ascending
     */
    public static WantedRows of(int[] places) {
        return new WantedRows(places.clone());
    }

    /** Whether the row at a place is, which then counts as taken; none before it may be left to take. */
    public boolean take(long place) {
        if (places == null) {
            return true;
        }
        boolean wanted = taken < places.length && places[taken] == place;
        taken += wanted ? 1 : 0;
        return wanted;
    }

    /** Whether one is left to take before a place. */
    public boolean anyBefore(long end) {
        return places == null || (taken < places.length && places[taken] < end);
    }

    /** Whether one is left to take. */
    public boolean any() {
        return anyBefore(Long.MAX_VALUE);
    }
}
