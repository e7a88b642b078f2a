package org.likelihood4j.inference.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Wording;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.rows.GivenColumns;
import org.likelihood4j.models.rows.RowColumns;
import org.likelihood4j.models.rows.Support;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a model is made for, beside its own section.
 *
 * @param config of the whole run
 * @param shape of an example
 * @param type of the parameters and of every computation
 */
public record ModelContext(RunConfig config, ExampleShape shape, DataType type) {
    /** Values of an 8-bit pixel. */
    public static final int LEVELS = 256;

    private static final String CONDITION = "model.condition";

    /** Whether examples are rows of real numbers, else images of 8-bit pixels. */
    public boolean isRows() {
        return shape instanceof VectorShape;
    }

    /** Whether examples are rows of which not all columns are plain numbers. */
    public boolean hasMixedColumns() {
        return shape instanceof VectorShape rows && !rows.isOfNumbers();
    }

    /** Where the numbers of a row's columns can be, of those that are modelled. */
    public RowColumns rowColumns() {
        return given().map(GivenColumns::others).orElseGet(() -> new RowColumns(supports((VectorShape) shape)));
    }

    private static List<Support> supports(VectorShape rows) {
        return rows.columns().stream().map(column -> support(column.kind())).toList();
    }

    /**
     * The columns that the model is told ({@code model.condition} names them).
     *
     * @throws ConfigException if the data have no such columns, or no others
     */
    public Optional<GivenColumns> given() {
        List<String> told = config.model().conditionColumns();
        if (told == null) {
            return Optional.empty();
        }
        if (!(shape instanceof VectorShape rows)) {
            throw new ConfigException(
                    CONDITION,
                    "columns are those of a table, and the data are images; their classes are condition: label");
        }
        List<String> names = rows.names();
        List<Integer> places = new ArrayList<>();
        for (String name : told) {
            if (!names.contains(name)) {
                throw new ConfigException(
                        CONDITION,
                        role(name) + "there is no column " + Wording.quote(name) + " among " + String.join(", ", names)
                                + Wording.didYouMean(name, names));
            }
            places.add(names.indexOf(name));
        }
        if (places.size() == names.size()) {
            throw new ConfigException(CONDITION, "names all columns, and leaves none to model");
        }
        return Optional.of(new GivenColumns(supports(rows), places));
    }

    /** What else a table has of this name. */
    private String role(String name) {
        if (!(config.data() instanceof TableFiles table)) {
            return "";
        } else if (name.equals(table.label())) {
            return Wording.quote(name) + " is the label, and condition: label tells it; ";
        }
        return table.ids().contains(name) ? Wording.quote(name) + " is an id, which no model sees; " : "";
    }

    /** The same kind of network, told what the model is told. */
    public LayerFactory told(LayerFactory plain) {
        Optional<LayerFactory> ofClasses = classes().map(plain::given);
        return ofClasses.orElseGet(
                () -> given().map(columns -> plain.told(columns.size())).orElse(plain));
    }

    /** The class that the model is told of each example. */
    public Optional<FunctionInput.Condition> classes() {
        ModelConfig model = config.model();
        return model.condition() == ModelConfig.Condition.LABEL
                ? Optional.of(new FunctionInput.Condition(model.condition().toString(), model.classes()))
                : Optional.empty();
    }

    private static Support support(ColumnKind kind) {
        if (kind instanceof ColumnKind.Log log) {
            return new Support.HalfLine(-log.shift());
        } else if (kind instanceof ColumnKind.Bounded bounded) {
            return new Support.Interval(bounded.low(), bounded.high());
        } else if (kind instanceof ColumnKind.Category category) {
            return new Support.Cells(category.values().size());
        } else if (kind instanceof ColumnKind.Truth) {
            return new Support.Cells(2);
        } else if (kind instanceof ColumnKind.Whole whole && whole.isBounded()) {
            return new Support.Integers(whole.low(), whole.high());
        }
        return kind.isDiscrete() ? new Support.Integers() : new Support.Line();
    }

    /** What one example is to a model, without the columns that it is told. */
    public EventShape event() {
        return shape instanceof ImageShape image
                ? EventShape.image(image.height(), image.width(), image.channels())
                : EventShape.row(rowColumns().supports().size());
    }
}
