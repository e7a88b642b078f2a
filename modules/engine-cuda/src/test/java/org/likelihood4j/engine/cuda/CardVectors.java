package org.likelihood4j.engine.cuda;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;

/** Memory of a card for tests, by number, and what is in it. */
final class CardVectors implements AutoCloseable {
    private final Card card;
    private final CardResources resources;
    private final List<Long> addresses = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();

    CardVectors(Card card) {
        this.card = card;
        this.resources = card.make(made -> made);
    }

    /** Some numbers of which nobody has written any. */
    int add(int length) {
        addresses.add(card.locked(() -> resources.allocate((long) length * Float.BYTES)));
        lengths.add(length);
        return addresses.size() - 1;
    }

    /** Some numbers. */
    int add(float... values) {
        int vector = add(values.length);
        set(vector, values);
        return vector;
    }

    long address(int vector) {
        return addresses.get(vector);
    }

    void set(int vector, float... values) {
        Memory host = new Memory((long) values.length * Float.BYTES);
        host.write(0, values, 0, values.length);
        card.locked(() -> card.uploadNow(address(vector), host, host.size()));
    }

    float[] get(int vector) {
        Memory host = new Memory((long) lengths.get(vector) * Float.BYTES);
        card.locked(() -> card.download(host, address(vector), host.size()));
        card.await();
        return host.getFloatArray(0, lengths.get(vector));
    }

    @Override
    public void close() {
        resources.close();
    }
}
