package org.likelihood4j.inference.runtime;

import java.util.List;
import org.likelihood4j.config.data.ExternalConfig;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.io.Printable;

/** Data that only the program that trained on them can give: their shape is known, and nothing else. */
public record ExternalSource(ExternalConfig data) implements ExampleSource {
    /** What is known of them. */
    public static ExternalConfig describe(Splits data, String description) {
        ExampleShape shape = data.train().shape();
        return new ExternalConfig(
                description,
                shape instanceof ImageShape image ? List.of(image.channels(), image.height(), image.width()) : null,
                shape instanceof VectorShape rows ? rows.names() : null,
                shape instanceof VectorShape rows ? ColumnKinds.described(rows, List.of()) : null,
                data.train().size(),
                data.validation().size(),
                data.test().size());
    }

    @Override
    public Splits load(ProgressListener progress) {
        throw new DataException("the run's data (" + describe()
                + ") were given by a Java program and are not stored; give other data with --data, where the command has"
                + " it, or open the run from Java");
    }

    @Override
    public ExampleShape shape() {
        List<Integer> image = data.image();
        return image == null
                ? ColumnKinds.shape(data.columns(), data.kinds())
                : new ImageShape(image.get(0), image.get(1), image.get(2));
    }

    @Override
    public String describe() {
        return Printable.line(data.description());
    }
}
