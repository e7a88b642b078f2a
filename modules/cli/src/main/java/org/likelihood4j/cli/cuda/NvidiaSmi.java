package org.likelihood4j.cli.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.io.Printable;

/** Asks the tool that comes with NVIDIA's driver, in a process of its own: it allocates nothing on a card. */
public final class NvidiaSmi implements CudaCheck.Cards {
    private static final long SECONDS = 30;
    private static final int MOST_BYTES = 1 << 16;

    private final List<String> command;

    public NvidiaSmi() {
        this(List.of("nvidia-smi", "--query-gpu=index,uuid,name,compute_cap", "--format=csv,noheader"));
    }

    /** Another command, for tests. */
    public NvidiaSmi(List<String> command) {
        this.command = command;
    }

    @Override
    public String describe() {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UserError(
                    "device cuda: no NVIDIA driver here (there is no nvidia-smi on the PATH); use device: cpu", e);
        }
        try {
            process.getOutputStream().close();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
            String text = output.get(SECONDS, TimeUnit.SECONDS);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new TimeoutException();
            }
            if (process.exitValue() != 0) {
                throw new UserError("device cuda: nvidia-smi fails: "
                        + Printable.line(text.lines().findFirst().orElse("exit code " + process.exitValue()))
                        + "; mend the driver, or use device: cpu");
            }
            return text;
        } catch (TimeoutException e) {
            throw new UserError("device cuda: nvidia-smi gives no answer for " + SECONDS + " s", e);
        } catch (IOException | ExecutionException e) {
            throw new UserError("device cuda: nvidia-smi cannot be read (" + e.getMessage() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("device cuda: interrupted while nvidia-smi was asked", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(InputStream in) {
        try {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
