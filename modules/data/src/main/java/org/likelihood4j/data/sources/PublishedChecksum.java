package org.likelihood4j.data.sources;

import java.nio.file.Path;
import org.likelihood4j.data.Digests;
import org.likelihood4j.data.formats.IdxFile;

/** What a published file must hash to, as its publisher gives it. */
sealed interface PublishedChecksum {
    /** In hex. */
    String hex();

    /** Whether it is of the gzipped file, so that an unpacked one cannot be checked. */
    boolean packed();

    /** The same checksum of a file that was read. */
    String of(Path file, IdxFile content);

    /** For people: what is hashed how. */
    String kind();

    /** SHA-256 of the uncompressed content: the same however the file was packed. */
    record Content(String hex) implements PublishedChecksum {
        @Override
        public boolean packed() {
            return false;
        }

        @Override
        public String of(Path file, IdxFile content) {
            return content.sha256();
        }

        @Override
        public String kind() {
            return "SHA-256 of the unpacked content";
        }
    }

    /** MD5 of the gzipped file: enough against damage and mistakes, not against a forger. */
    record Packed(String hex) implements PublishedChecksum {
        @Override
        public boolean packed() {
            return true;
        }

        @Override
        public String of(Path file, IdxFile content) {
            return Digests.md5(file);
        }

        @Override
        public String kind() {
            return "MD5 of the gzipped file";
        }
    }
}
