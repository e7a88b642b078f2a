package org.likelihood4j.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.parquet.ParquetFile;
import org.likelihood4j.data.sources.ParquetImages;
import org.likelihood4j.data.sources.ParquetSource;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.data.tables.MissingCells;

/** A Parquet file: as a table, as images, and all of its columns. */
final class ParquetTarget implements Target {
    /** Of two columns, x and word, by Spark: in snappy with words in a dictionary; in zstd, gzip and none of the newer format. */
    private static final List<String> WRITTEN = List.of("""
            UEFSMRUAFZ4BFWoVou/1zAYcFRgVABUGFQgAAE8cAwAAAAV3BwAFAQQIwAUHCAD4vwkIEQEECEAJCgASDQgAGA0IACINCCQlQAAA
            AAAAAChAFQQVJBUoFeXBs6kKPBUGFQQAABJEAgAAAHcwAgAAAHcxAgAAAHcyFQAVGBUcFdfJmOILHBUYFQQVBhUIAAAMLAIAAAAY
            AQIFJEmSABkRAhkYCAAAAAAAAAjAGRgIAAAAAAAAKEAVAhkWBhkWGBkmBhIAGRECGRgCdzAZGAJ3MhUCGRYAGRYYGSYAGAAZHBYI
            FZoBFgAAABkcFvABFUoWAAAZFjAAFQIZPEgMc3Bhcmtfc2NoZW1hFQQAFQolAhgBeAAVDCUCGAR3b3JkJQBMHAAAABYYGRwZLCYA
            HBUKGTUIBgAZGAF4FQIWGBbOARaaASYIPBgIAAAAAAAAKEAYCAAAAAAAAAjAFgYoCAAAAAAAAChAGAgAAAAAAAAIwAAZHBUAFQAV
            AgA8KRYYGSYGEgAAFroDFRYWugIVTAAmABwVDBk1BAgGGRgEd29yZBUCFhgWkAEWmAEm8AEmogEcNgAoAncyGAJ3MAAZLBUEFQQV
            AgAVABUEFQIAPBYwGRYYGSYAGAAAFtADFRwWhgMVNAAW3gIWGCYIFrICFAAAGSwYGG9yZy5hcGFjaGUuc3BhcmsudmVyc2lvbhgF
            NC4wLjQAGClvcmcuYXBhY2hlLnNwYXJrLnNxbC5wYXJxdWV0LnJvdy5tZXRhZGF0YRiVAXsidHlwZSI6InN0cnVjdCIsImZpZWxk
            cyI6W3sibmFtZSI6IngiLCJ0eXBlIjoiZG91YmxlIiwibnVsbGFibGUiOnRydWUsIm1ldGFkYXRhIjp7fX0seyJuYW1lIjoid29y
            ZCIsInR5cGUiOiJzdHJpbmciLCJudWxsYWJsZSI6dHJ1ZSwibWV0YWRhdGEiOnt9fV19ABhKcGFycXVldC1tciB2ZXJzaW9uIDEu
            MTUuMiAoYnVpbGQgODU5ZWFjMTY1YjA4ZjkyN2ZhMTQ1OTBjMzNiYzVmNDc2NDA1ZmI2OCkZLBwAABwAAAA2AgAAUEFSMQ==
            """, """
            UEFSMRUGFZYBFWYV0L+64glMFRgVBhUYFQAVBhUAAAAFdwcotS/9AFgkAQCIAAAIwAD4vwAIQAASGCIlKEAIACALyAcyW0kB2gFu
            gBsWwAIBAAAVBhVWFWAV3e3pxwZMFRgVABUYFQ4VBBUAAAAYASi1L/0AWBQBANCAAQQMAAABAIABBAwEAQEAAAD+BwAAdzAxMgIA
            dCU8uDgBAAAZEQIZGAgAAAAAAAAIwBkYCAAAAAAAAChAFQIZFgYZFhgZJgYSABkRAhkYAncwGRgCdzIVAhkWABkWGBkmABgAGRwW
            CBWeARYAAAAZHBamARWWARYAABkWMAAVAhk8SAxzcGFya19zY2hlbWEVBAAVCiUCGAF4ABUMJQIYBHdvcmQlAEwcAAAAFhgZHBks
            JgAcFQoZFQAZGAF4FQwWGBbOARaeASYIPBgIAAAAAAAAKEAYCAAAAAAAAAjAFgYoCAAAAAAAAChAGAgAAAAAAAAIwAAZHBUGFQAV
            AgA8KRYYGSYGEgAAFrwDFRYWvAIVTAAmABwVDBkVDhkYBHdvcmQVDBYYFowBFpYBJqYBPDYAKAJ3MhgCdzAAGRwVBhUOFQIAPBYw
            GRYYGSYAGAAAFtIDFR4WiAMVNAAW2gIWGCYIFrQCFAAAGSwYGG9yZy5hcGFjaGUuc3BhcmsudmVyc2lvbhgFNC4wLjQAGClvcmcu
            YXBhY2hlLnNwYXJrLnNxbC5wYXJxdWV0LnJvdy5tZXRhZGF0YRiVAXsidHlwZSI6InN0cnVjdCIsImZpZWxkcyI6W3sibmFtZSI6
            IngiLCJ0eXBlIjoiZG91YmxlIiwibnVsbGFibGUiOnRydWUsIm1ldGFkYXRhIjp7fX0seyJuYW1lIjoid29yZCIsInR5cGUiOiJz
            dHJpbmciLCJudWxsYWJsZSI6dHJ1ZSwibWV0YWRhdGEiOnt9fV19ABhKcGFycXVldC1tciB2ZXJzaW9uIDEuMTUuMiAoYnVpbGQg
            ODU5ZWFjMTY1YjA4ZjkyN2ZhMTQ1OTBjMzNiYzVmNDc2NDA1ZmI2OCkZLBwAABwAAAAoAgAAUEFSMQ==
            """, """
            UEFSMRUAFZ4BFWwVm52G6wYcFRgVABUGFQgAAB+LCAAAAAAAAABjZmBgYC1nZwADjgMQ+sd+BhTA4QChhaC0BJRWgtKqUFrDAQA4
            2hqPTwAAABUAFZwBFUwV/o7+zQ0cFRgVABUGFQgAAB+LCAAAAAAAAABjYmBgkGBkApLlBmDSEEwakScCAOp2J/lOAAAAGRECGRgI
            AAAAAAAACMAZGAgAAAAAAAAoQBUCGRYGGRYYGSYGEgAZEQIZGAJ3MBkYAncyFQIZFgAZFhgZJgAYABkcFggVnAEWAAAAGRwWpAEV
            fBYAABkWMAAVAhk8SAxzcGFya19zY2hlbWEVBAAVCiUCGAF4ABUMJQIYBHdvcmQlAEwcAAAAFhgZHBksJgAcFQoZNQgGABkYAXgV
            BBYYFs4BFpwBJgg8GAgAAAAAAAAoQBgIAAAAAAAACMAWBigIAAAAAAAAKEAYCAAAAAAAAAjAABkcFQAVABUCADwpFhgZJgYSAAAW
            oAMVFhagAhVMACYAHBUMGTUIBgAZGAR3b3JkFQQWGBbMARZ8JqQBPDYAKAJ3MhgCdzAAGRwVABUAFQIAPBYwGRYYGSYAGAAAFrYD
            FRwW7AIVNAAWmgMWGCYIFpgCFAAAGSwYGG9yZy5hcGFjaGUuc3BhcmsudmVyc2lvbhgFNC4wLjQAGClvcmcuYXBhY2hlLnNwYXJr
            LnNxbC5wYXJxdWV0LnJvdy5tZXRhZGF0YRiVAXsidHlwZSI6InN0cnVjdCIsImZpZWxkcyI6W3sibmFtZSI6IngiLCJ0eXBlIjoi
            ZG91YmxlIiwibnVsbGFibGUiOnRydWUsIm1ldGFkYXRhIjp7fX0seyJuYW1lIjoid29yZCIsInR5cGUiOiJzdHJpbmciLCJudWxs
            YWJsZSI6dHJ1ZSwibWV0YWRhdGEiOnt9fV19ABhKcGFycXVldC1tciB2ZXJzaW9uIDEuMTUuMiAoYnVpbGQgODU5ZWFjMTY1YjA4
            ZjkyN2ZhMTQ1OTBjMzNiYzVmNDc2NDA1ZmI2OCkZLBwAABwAAAArAgAAUEFSMQ==
            """, """
            UEFSMRUGFZYBFZYBFbjt9roETBUYFQYVGBUAFQYVAAAABXcHAAAAAAAACMAAAAAAAAD4vwAAAAAAAAAAAAAAAAAACEAAAAAAAAAS
            QAAAAAAAABhAAAAAAAAAIkAAAAAAAAAlQAAAAAAAAChAFQYVVhVWFbiW9KwJTBUYFQAVGBUOFQQVAAAAGAGAAQQMAAABAAAAAQAA
            AIABBAwEAQEAAAD+BwAAdzAxMjAxMjAxMjAxMhkRAhkYCAAAAAAAAAjAGRgIAAAAAAAAKEAVAhkWBhkWGBkmBhIAGRECGRgCdzAZ
            GAJ3MhUCGRYAGRYYGSYAGAAZHBYIFdABFgAAABkcFtgBFYwBFgAAGRYwABUCGTxIDHNwYXJrX3NjaGVtYRUEABUKJQIYAXgAFQwl
            AhgEd29yZCUATBwAAAAWGBkcGSwmABwVChkVABkYAXgVABYYFtABFtABJgg8GAgAAAAAAAAoQBgIAAAAAAAACMAWBigIAAAAAAAA
            KEAYCAAAAAAAAAjAABkcFQYVABUCADwpFhgZJgYSAAAW5AMVFhbkAhVMACYAHBUMGRUOGRgEd29yZBUAFhgWjAEWjAEm2AE8NgAo
            AncyGAJ3MAAZHBUGFQ4VAgA8FjAZFhgZJgAYAAAW+gMVHhawAxU0ABbcAhYYJggW3AIUAAAZLBgYb3JnLmFwYWNoZS5zcGFyay52
            ZXJzaW9uGAU0LjAuNAAYKW9yZy5hcGFjaGUuc3Bhcmsuc3FsLnBhcnF1ZXQucm93Lm1ldGFkYXRhGJUBeyJ0eXBlIjoic3RydWN0
            IiwiZmllbGRzIjpbeyJuYW1lIjoieCIsInR5cGUiOiJkb3VibGUiLCJudWxsYWJsZSI6dHJ1ZSwibWV0YWRhdGEiOnt9fSx7Im5h
            bWUiOiJ3b3JkIiwidHlwZSI6InN0cmluZyIsIm51bGxhYmxlIjp0cnVlLCJtZXRhZGF0YSI6e319XX0AGEpwYXJxdWV0LW1yIHZl
            cnNpb24gMS4xNS4yIChidWlsZCA4NTllYWMxNjViMDhmOTI3ZmExNDU5MGMzM2JjNWY0NzY0MDVmYjY4KRksHAAAHAAAACgCAABQ
            QVIx
            """);

    /** A run of one number takes no bytes: a file may have up to 2^26 rows, for which there is no time here. */
    private static final int MOST_ROWS = 1 << 17;

    private static final SplitShares SHARES = new SplitShares(0, 0, 1);

    @Override
    public String name() {
        return "parquet";
    }

    @Override
    public String description() {
        return "a Parquet file";
    }

    @Override
    public long mostAllocated() {
        // Each read may take a quarter of the heap for pages, and what is told of the rows.
        return 1L << 30;
    }

    @Override
    public List<String> words() {
        return List.of("PAR1", "PARE", "word", "x");
    }

    @Override
    public List<byte[]> corpus() {
        return Stream.concat(
                        WRITTEN.stream().map(text -> Base64.getMimeDecoder().decode(text)), Stream.of(new byte[0]))
                .toList();
    }

    @Override
    public void run(byte[] input, Path folder) throws IOException {
        Path file = Files.write(folder.resolve("fuzzed.parquet"), input);
        String text = new String(input, StandardCharsets.ISO_8859_1);
        boolean[] many = {false};
        told(file, text, () -> {
            ParquetFile read = new ParquetFile(file);
            long rows = read.rows();
            long[] seen = {0};
            many[0] = rows > MOST_ROWS;
            if (many[0]) {
                return;
            }
            read.each(
                    read.names(),
                    ProgressListener.none(),
                    (row, place) -> Refusals.require(place == seen[0]++, "a row at another place"));
            Refusals.require(seen[0] == rows, "other rows than it promised");
        });
        if (many[0]) {
            return;
        }
        told(
                file,
                text,
                () -> new ParquetSource(file, Optional.empty(), ColumnChoice.all(), MissingCells.MASK, SHARES)
                        .profiles(ProgressListener.none()));
        ParquetSource table = new ParquetSource(
                file,
                Optional.empty(),
                new ColumnChoice(Optional.of(List.of("x")), Optional.of("word")),
                MissingCells.DROP,
                SHARES);
        DataFileTargets.load(input, file, () -> table);
        ImageShape pixel = new ImageShape(1, 1, 1);
        told(
                file,
                text,
                () -> new ParquetImages(file, Optional.empty(), pixel, Optional.empty(), Optional.empty(), SHARES)
                        .load(ProgressListener.none()));
    }

    private static void told(Path file, String input, Runnable reading) {
        try {
            reading.run();
        } catch (DataException e) {
            Refusals.check(e, file.toString(), input);
        }
    }
}
