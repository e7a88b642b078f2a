package org.likelihood4j.report;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Writes {@link ReportData} as it is, but for what JSON has no word for. */
final class ReportJson {
    private ReportJson() {}

    /** All of it as one JSON document, where a number that is not finite is null. */
    static String write(ReportData data, PageMode mode) {
        SimpleModule module = new SimpleModule();
        module.addSerializer(double[].class, new Vector());
        module.addSerializer(double.class, new Scalar());
        module.addSerializer(Picture.class, new Pictures(mode));
        return JsonMapper.builder().addModule(module).build().writeValueAsString(data);
    }

    private static void number(double value, JsonGenerator out) {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }

    private static final class Scalar extends ValueSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator out, SerializationContext context) {
            number(value, out);
        }
    }

    private static final class Vector extends ValueSerializer<double[]> {
        @Override
        public void serialize(double[] values, JsonGenerator out, SerializationContext context) {
            out.writeStartArray();
            for (double value : values) {
                number(value, out);
            }
            out.writeEndArray();
        }
    }

    private static final class Pictures extends ValueSerializer<Picture> {
        private final PageMode mode;

        Pictures(PageMode mode) {
            this.mode = mode;
        }

        @Override
        public void serialize(Picture picture, JsonGenerator out, SerializationContext context) {
            out.writeStartObject();
            out.writeNumberProperty("epoch", picture.epoch());
            out.writeStringProperty("source", picture.source(mode));
            out.writeEndObject();
        }
    }
}
