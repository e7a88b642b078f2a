package org.likelihood4j.config;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;

/** Reads and writes the key {@code type} of a model's section, of built-in and of installed kinds. */
public final class ModelTypeIds extends TypeIdResolverBase {
    @Override
    public String idFromValue(DatabindContext context, Object value) {
        return ModelTypes.name(value.getClass());
    }

    @Override
    public String idFromValueAndType(DatabindContext context, Object value, Class<?> type) {
        return ModelTypes.name(value == null ? type : value.getClass());
    }

    @Override
    public JavaType typeFromId(DatabindContext context, String id) {
        Class<?> type = ModelTypes.all().get(id);
        return type == null ? null : context.constructType(type);
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
        return JsonTypeInfo.Id.CUSTOM;
    }
}
