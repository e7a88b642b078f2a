package org.likelihood4j.spark.rounds;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** A stage whose tasks all run at the same time, which Spark has for Scala only. */
final class Barrier {
    private Barrier() {}

    static <T, R> JavaRDD<R> map(JavaRDD<T> rows, FlatMapFunction<Iterator<T>, R> function) {
        ClassTag<R> tag = ClassTag$.MODULE$.apply(Object.class);
        Function1<scala.collection.Iterator<T>, scala.collection.Iterator<R>> mapped =
                (Function1<scala.collection.Iterator<T>, scala.collection.Iterator<R>> & Serializable) part -> {
                    try {
                        return CollectionConverters.asScala(function.call(CollectionConverters.asJava(part)));
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException(e.toString(), e);
                    }
                };
        return new JavaRDD<>(rows.rdd().barrier().mapPartitions(mapped, false, tag), tag);
    }
}
