package org.likelihood4j.score.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.likelihood4j.score.files.ExportException;

class PlacementTest {
    private record Room(int at, int size) {}

    /** Values that are there at once never share a number, and room that was given back is used again. */
    @Test
    void roomsNeverOverlap() {
        Random random = new Random(1);
        Placement placement = new Placement();
        List<Room> taken = new ArrayList<>();
        BitSet used = new BitSet();
        int most = 0;
        for (int i = 0; i < 10_000; i++) {
            if (taken.size() > 20 || (!taken.isEmpty() && random.nextBoolean())) {
                Room room = taken.remove(random.nextInt(taken.size()));
                placement.giveBack(room.at(), room.size());
                used.clear(room.at(), room.at() + room.size());
            } else {
                int size = 1 + random.nextInt(30);
                Room room = new Room(placement.take(size), size);
                assertThat(used.get(room.at(), room.at() + size).cardinality()).isZero();
                used.set(room.at(), room.at() + size);
                taken.add(room);
            }
            most = Math.max(most, used.cardinality());
        }
        assertThat(placement.size()).isLessThan(3 * most);
        taken.forEach(room -> placement.giveBack(room.at(), room.size()));
        // All rooms have become one.
        assertThat(placement.take(placement.size())).isZero();
    }

    @Test
    void moreThanAMachineHasIsRefused() {
        Placement placement = new Placement();
        placement.take(1 << 23);
        assertThatExceptionOfType(ExportException.class).isThrownBy(() -> placement.take((1 << 23) + 1));
    }
}
