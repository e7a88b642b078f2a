package org.likelihood4j.score.program;

import java.util.Map;
import java.util.TreeMap;
import org.likelihood4j.score.files.ExportException;

/** Room for values in the memory of a run, in numbers for each example; what is given back is used again. */
final class Placement {
    /** 128 MB an example. */
    private static final int MOST = 1 << 24;

    /** Free room by where it begins. */
    private final TreeMap<Integer, Integer> free = new TreeMap<>();

    private int end;

    /** The first place where so many numbers have room. */
    int take(int size) {
        int found = free.entrySet().stream()
                .filter(room -> room.getValue() >= size)
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElse(-1);
        if (found >= 0) {
            int length = free.remove(found);
            if (length > size) {
                free.put(found + size, length - size);
            }
            return found;
        }
        int at = end;
        if (size > MOST - end) {
            throw new ExportException("the program needs more than " + MOST + " numbers for an example");
        }
        end += size;
        return at;
    }

    void giveBack(int at, int size) {
        int from = at;
        int length = size;
        Map.Entry<Integer, Integer> before = free.lowerEntry(at);
        if (before != null && before.getKey() + before.getValue() == at) {
            from = before.getKey();
            length += before.getValue();
        }
        Integer after = free.get(at + size);
        if (after != null) {
            free.remove(at + size);
            length += after;
        }
        free.remove(from);
        free.put(from, length);
    }

    /** Numbers for each example, of all values that were there at once. */
    int size() {
        return end;
    }
}
