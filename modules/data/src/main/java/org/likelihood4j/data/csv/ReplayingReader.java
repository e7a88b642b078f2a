package org.likelihood4j.data.csv;

import java.io.IOException;
import java.io.Reader;

/** Characters that were read already, and then those that follow. */
final class ReplayingReader extends Reader {
    private final String read;
    private final Reader rest;
    private int at;

    ReplayingReader(String read, Reader rest) {
        this.read = read;
        this.rest = rest;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (at == read.length()) {
            return rest.read(target, offset, length);
        }
        int count = Math.min(length, read.length() - at);
        read.getChars(at, at + count, target, offset);
        at += count;
        return count;
    }

    @Override
    public boolean ready() throws IOException {
        return at < read.length() || rest.ready();
    }

    @Override
    public void close() throws IOException {
        rest.close();
    }
}
