package org.likelihood4j.engine.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which work runs beside which: each piece is given to one of two lanes, in which work follows its order, and waits for those pieces of
 * the other lane that touch the same memory. What is known of a piece is the memory from its first to its last element, gaps
 * between rows included: that what stands in the gaps waits too, costs nothing worth knowing.
 */
final class Lanes {
    /** How many there are. */
    static final int COUNT = 2;

    /** Bytes of the card's memory, from one address up to another. */
    record Span(long from, long to) {
        boolean meets(Span other) {
            return from < other.to && other.from < to;
        }
    }

    /** What a piece of work touches, and its lane. */
    record Piece(int lane, List<Span> reads, List<Span> writes) {
        /** Whether the results depend on which of the two comes first. */
        boolean conflicts(Piece other) {
            return meet(writes, other.reads) || meet(writes, other.writes) || meet(reads, other.writes);
        }

        private static boolean meet(List<Span> some, List<Span> others) {
            return some.stream().anyMatch(span -> others.stream().anyMatch(span::meets));
        }
    }

    private final List<Piece> pieces;
    private final List<List<Integer>> waits = new ArrayList<>();
    private final Set<Integer> awaited = new TreeSet<>();

    Lanes(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
        // Up to which piece of each lane a lane has waited for; its own pieces follow each other anyway.
        int[][] reached = new int[COUNT][COUNT];
        for (int[] lane : reached) {
            Arrays.fill(lane, -1);
        }
        for (int i = 0; i < pieces.size(); i++) {
            List<Integer> forPieces = new ArrayList<>();
            int lane = pieces.get(i).lane();
            for (int other = 0; other < COUNT; other++) {
                int last = other == lane ? -1 : lastConflict(i, other);
                if (last > reached[lane][other]) {
                    reached[lane][other] = last;
                    forPieces.add(last);
                    awaited.add(last);
                }
            }
            waits.add(forPieces);
        }
    }

    private int lastConflict(int piece, int lane) {
        for (int before = piece - 1; before >= 0; before--) {
            if (pieces.get(before).lane() == lane && pieces.get(before).conflicts(pieces.get(piece))) {
                return before;
            }
        }
        return -1;
    }

    /** Pieces of other lanes that this one waits for. */
    List<Integer> waits(int piece) {
        return waits.get(piece);
    }

    /** Whether another lane waits for this piece. */
    boolean isAwaited(int piece) {
        return awaited.contains(piece);
    }

    /** Whether a lane has any work. */
    boolean uses(int lane) {
        return pieces.stream().anyMatch(piece -> piece.lane() == lane);
    }
}
