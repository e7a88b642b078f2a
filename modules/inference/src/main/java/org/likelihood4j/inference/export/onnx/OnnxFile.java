package org.likelihood4j.inference.export.onnx;

import java.util.Map;
import org.likelihood4j.engine.plan.PortableProgram;
import org.likelihood4j.engine.plan.UnportableException;
import org.likelihood4j.io.protobuf.Protobuf;
import org.likelihood4j.io.safetensors.DType;
import org.likelihood4j.io.safetensors.Tensor;

/** One function of a model as a file of the Open Neural Network Exchange, for any number of examples. */
public final class OnnxFile {
    /** Of the default domain: the lowest that has all that is needed, for the most runtimes. */
    public static final int OPSET = 13;

    /** That of {@link #OPSET}. */
    private static final int IR_VERSION = 7;

    private OnnxFile() {}

    /**
     * Translates a program to the message {@code ModelProto}. Inputs that the program does not use are none of it.
     *
     * @param name of the function
     * @param meaning of it
     * @param tensors that the program names
     * @param type of all numbers, F32 or F64
     * @param version of what writes
     * @param metadata whatever else is to be known
     * @throws UnportableException if it cannot be said in ONNX, or is larger than its files may be; one line
     */
    public static Protobuf of(
            String name,
            String meaning,
            PortableProgram program,
            Map<String, Tensor> tensors,
            DType type,
            String version,
            Map<String, String> metadata) {
        Protobuf graph = OnnxTranslator.translate(program, tensors, type).message(name, meaning);
        Protobuf model = new Protobuf()
                .integer(1, IR_VERSION)
                .text(2, "likelihood4j")
                .text(3, version)
                .message(7, graph)
                .message(8, new Protobuf().text(1, "").integer(2, OPSET));
        metadata.forEach(
                (key, value) -> model.message(14, new Protobuf().text(1, key).text(2, value)));
        if (model.size() > Integer.MAX_VALUE) {
            throw new UnportableException(
                    "an ONNX file has at most 2 GB, and this one would have " + model.size() + " bytes");
        }
        return model;
    }
}
