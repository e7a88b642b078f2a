package org.likelihood4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.TinyRun;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Many threads on one open model get what one thread gets. */
class OpenedThreadsTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 6;

    @TempDir
    private static Path runs;

    @ParameterizedTest
    @ValueSource(strings = {"VAE", "FLOW", "REFERENCE"})
    void allGetTheSameBits(String name) throws Exception {
        RunDirectory run = switch (name) {
            case "VAE" -> TinyRun.train(runs, TinyRun.config(TinyRun.VAE));
            case "FLOW" -> TinyRun.train(runs, TinyRun.config(TinyRun.FLOW));
            default -> TinyRun.train(runs, TinyRun.config(TinyRun.VAE, "engine=reference", "training.epochs=1"));
        };
        List<INDArray> alone;
        List<Callable<INDArray>> calls;
        try (OpenedModel model = OpenedModel.open(run.path())) {
            alone = new ArrayList<>();
            for (Callable<INDArray> call : calls(model)) {
                alone.add(call.call());
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        // A fresh one, so that the threads meet while it compiles; and one more at the same time.
        try (OpenedModel model = OpenedModel.open(run.path());
                OpenedModel other = OpenedModel.open(run.path())) {
            List<Future<INDArray>> results = new ArrayList<>();
            CountDownLatch start = new CountDownLatch(1);
            calls = calls(model);
            List<Callable<INDArray>> others = calls(other);
            for (int i = 0; i < THREADS * ROUNDS; i++) {
                Callable<INDArray> call = (i % 5 == 0 ? others : calls).get(i % calls.size());
                results.add(threads.submit(() -> {
                    start.await();
                    return call.call();
                }));
            }
            start.countDown();
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get(60, TimeUnit.SECONDS))
                        .as("call %d", i % calls.size())
                        .isEqualTo(alone.get(i % calls.size()));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Callable<INDArray>> calls(OpenedModel model) {
        INDArray data = model.sample(30, 1, 5);
        INDArray pixels = org.likelihood4j.inference.arrays.ArrayExamples.pixels(data);
        INDArray latents = model.encode(pixels);
        List<Callable<INDArray>> calls = new ArrayList<>(List.of(
                () -> model.sample(70, 1, 2),
                () -> model.encode(pixels),
                () -> model.decode(latents),
                () -> model.reconstruct(pixels).reconstructed()));
        if (model instanceof OpenedVae vae) {
            calls.add(() -> vae.logProb(pixels, 4).logProb());
            calls.add(() -> vae.elbo(pixels, 3).value());
        } else if (model instanceof OpenedFlow flow) {
            calls.add(() -> flow.logProb(pixels));
            calls.add(() -> flow.logProb(pixels, 3).standardError());
        }
        return calls;
    }

    @Test
    void closingLetsRunningCallsEnd() throws Exception {
        RunDirectory run = TinyRun.train(runs, TinyRun.config(TinyRun.FLOW, "training.epochs=1"));
        INDArray expected;
        try (OpenedModel model = OpenedModel.open(run.path())) {
            expected = model.sample(2000, 1, 1);
        }
        OpenedModel model = OpenedModel.open(run.path());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<INDArray>> results = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                results.add(threads.submit(() -> model.sample(2000, 1, 1)));
            }
            Thread.sleep(20);
            model.close();
            for (Future<INDArray> result : results) {
                try {
                    assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(expected);
                } catch (java.util.concurrent.ExecutionException e) {
                    // It had not begun.
                    assertThat(e)
                            .cause()
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("was closed");
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
