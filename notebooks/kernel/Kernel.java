import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import org.rapaio.jupyter.kernel.MainApp;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.channels.LoopThread;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;
import org.rapaio.jupyter.kernel.core.ExecutionContext;
import org.rapaio.jupyter.kernel.core.RapaioKernel;
import org.rapaio.jupyter.kernel.core.Transform;
import org.rapaio.jupyter.kernel.core.java.JavaEngine;
import org.rapaio.jupyter.kernel.core.java.RapaioExecutionControlProvider;
import org.rapaio.jupyter.kernel.core.java.io.JShellConsole;
import org.rapaio.jupyter.kernel.core.java.io.JShellOutputStream;

/**
 * Starts the kernel as its own main class does, but for four things. Its channels are bound before it knows what to do with a message, so
 * that an early one would end a channel's thread: here early ones wait. A thread that is faster than who starts it finds that it is not to
 * run, and ends: here it is started again. SameDiff's line for each operation that
 * it differentiates does not go into the notebook, nor does the stream that a last {@code printf} returns.
 */
public final class Kernel {
    private static final String NOISE = "Added differentiated op ";

    public static void main(String[] arguments) throws Exception {
        ConnectionProperties connection =
                Transform.fromJson(Files.readString(Path.of(arguments[0])), ConnectionProperties.class);
        RapaioKernel kernel = MainApp.kernel;
        JShellConsole console = (JShellConsole) field(RapaioKernel.class, "shellConsole").get(kernel);
        field(JShellConsole.class, "out").set(console, new Quiet());
        Field engine = field(RapaioKernel.class, "javaEngine");
        engine.set(kernel, Engine.like((JavaEngine) engine.get(kernel)));

        Channels channels = new Channels(connection);
        CountDownLatch ready = new CountDownLatch(1);
        Field handlers = field(Channels.class, "handlers");
        handlers.set(channels, new AbstractMap<Object, Object>() {
            @Override
            public Object get(Object type) {
                try {
                    ready.await();
                    return ((Map<?, ?>) handlers.get(channels)).get(type);
                } catch (InterruptedException | IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public Set<Entry<Object, Object>> entrySet() {
                return Set.of();
            }
        });
        channels.connect(kernel);
        ready.countDown();
        Thread.sleep(100);
        for (Object channel : (Set<?>) field(Channels.class, "channels").get(channels)) {
            restart(channel);
        }
        channels.joinUntilClose();
    }

    /** Starts the thread of a channel that has one, where it has ended already. */
    private static void restart(Object channel) throws ReflectiveOperationException {
        if (Arrays.stream(channel.getClass().getDeclaredFields()).noneMatch(own -> own.getType() == LoopThread.class)) {
            return;
        }
        Field loop = field(channel.getClass(), "loopThread");
        LoopThread ended = (LoopThread) loop.get(channel);
        if (!ended.isAlive()) {
            LoopThread again = new LoopThread(
                    ended.getName(),
                    field(LoopThread.class, "sleep").getLong(ended),
                    (Runnable) field(LoopThread.class, "loopBody").get(ended));
            field(LoopThread.class, "running").setBoolean(again, true);
            again.start();
            loop.set(channel, again);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** Shows no value of a cell that ends by printing: {@code printf} returns the stream. */
    private static final class Engine extends JavaEngine {
        private Engine(String id, RapaioExecutionControlProvider control, JShell shell, List<String> scripts) {
            super(id, control, shell, scripts);
        }

        @SuppressWarnings("unchecked")
        static Engine like(JavaEngine other) throws ReflectiveOperationException {
            return new Engine(
                    (String) field(JavaEngine.class, "executionId").get(other),
                    (RapaioExecutionControlProvider) field(JavaEngine.class, "controlProvider").get(other),
                    other.getShell(),
                    (List<String>) field(JavaEngine.class, "startupScripts").get(other));
        }

        @Override
        public Object eval(ExecutionContext context, String code) throws Exception {
            Object result = super.eval(context, code);
            return result instanceof PrintStream ? null : result;
        }
    }

    /** A cell's output without SameDiff's lines; the kernel flushes at the end of lines, and of a cell. */
    private static final class Quiet extends JShellOutputStream {
        Quiet() {
            super(false);
        }

        @Override
        public synchronized void flush() {
            String all = new String(buf, 0, count, StandardCharsets.UTF_8);
            if (all.contains(NOISE) || NOISE.startsWith(all)) {
                int whole = all.lastIndexOf('\n') + 1;
                String rest = all.substring(whole);
                boolean undecided = !rest.isEmpty() && (rest.startsWith(NOISE) || NOISE.startsWith(rest));
                String kept = all.substring(0, whole).lines()
                        .filter(line -> !line.startsWith(NOISE))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining());
                reset();
                writeBytes((undecided ? kept : kept + rest).getBytes(StandardCharsets.UTF_8));
                super.flush();
                if (undecided) {
                    writeBytes(rest.getBytes(StandardCharsets.UTF_8));
                }
            } else {
                super.flush();
            }
        }
    }
}
