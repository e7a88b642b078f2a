package org.likelihood4j.engine.cuda;

import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.PlanBindings;
import org.likelihood4j.engine.PlanProgram;
import org.likelihood4j.engine.Storage;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.Updater;
import org.likelihood4j.engine.cuda.source.Tiles;
import org.likelihood4j.engine.cuda.toolkit.CudaException;
import org.likelihood4j.engine.cuda.toolkit.LibrarySearch;
import org.likelihood4j.engine.cuda.toolkit.Toolkit;
import org.likelihood4j.engine.plan.Layout;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.plan.Plan;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The machine's first NVIDIA card. NVIDIA's libraries are looked for, and the card is opened, when somebody asks whether it can be used or
 * uses it.
 *
 * <p>A vector's memory on the card is given back some time after nobody can reach the vector any more.
 */
public final class CudaDevice implements Device, AutoCloseable {
    /** As a card's loads want rows: 256 bytes. Inputs keep their places, so that what is there once stays there. */
    private static final Layout LAYOUT = new Layout(64, 0, true);

    private static final Cleaner CLEANER = Cleaner.create();

    private final Supplier<Card> opening;
    private final Tiles tiles;
    private Card card;
    private String obstacle;
    /** How to give back what nobody closes, vectors and updaters, and whose it is. */
    private final Map<Runnable, WeakReference<Object>> kept = new ConcurrentHashMap<>();
    /**
     * Shared by whoever gives something back, and the device's alone when it closes: the card must not go while the cleaner's thread is giving something back
     * to it. Nobody asks for it who holds the card's own lock.
     */
    private final ReadWriteLock giving = new ReentrantReadWriteLock();

    /** The first card, with kernels kept in the user's cache. */
    public CudaDevice() {
        this(() -> Card.open(Toolkit.open(LibrarySearch.ofMachine()), 0, cubins(System.getenv())), Tiles.USUAL);
    }

    /** With a card that is closed with the device. */
    CudaDevice(Supplier<Card> opening, Tiles tiles) {
        this.opening = opening;
        this.tiles = tiles;
    }

    /** Where compiled kernels are kept. */
    static Path cubins(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path folder = cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return folder.resolve("likelihood4j").resolve("cubins");
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public synchronized Optional<String> obstacle() {
        if (card == null && obstacle == null) {
            try {
                card = opening.get();
            } catch (CudaException e) {
                obstacle = e.getMessage();
            } catch (LinkageError e) {
                // As where no library can be unpacked to be loaded.
                obstacle = "cuda needs JNA, which cannot be loaded: "
                        + e.getMessage().lines().findFirst().orElse("");
            }
        }
        return Optional.ofNullable(obstacle);
    }

    Card card() {
        obstacle().ifPresent(why -> {
            throw new CudaException(why);
        });
        return card;
    }

    @Override
    public String description() {
        return card().description();
    }

    @Override
    public Layout layout() {
        return LAYOUT;
    }

    @Override
    public OptionalLong memory() {
        return OptionalLong.of(card().memory());
    }

    @Override
    public Storage allocate(DataType type, long length) {
        return type == DataType.FLOAT ? allocate(length) : Storage.of(Nd4j.zeros(type, length));
    }

    CudaStorage allocate(long length) {
        return withRoom(() -> card().make(resources -> {
            CudaStorage storage = new CudaStorage(resources, length);
            closeWith(storage, resources::close);
            return storage;
        }));
    }

    /** Makes something on the card, and if there is no room once more, when what nobody can reach has been given back. */
    private <T> T withRoom(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (CudaException e) {
            if (!e.isNoRoom()) {
                throw e;
            }
            collect();
            return maker.get();
        }
    }

    /** Gives back all that nobody can reach: the cleaner would do so too, but some time. */
    private void collect() {
        System.gc();
        // Behind whatever the cleaner has begun to give back.
        giving.writeLock().lock();
        try (Closers all = new Closers()) {
            kept.forEach((closer, owner) -> {
                if (owner.refersTo(null)) {
                    all.add(() -> close(closer));
                }
            });
        } finally {
            giving.writeLock().unlock();
        }
    }

    /** Closes something when its owner is not reachable, or the device is closed before; it must not know its owner. */
    private void closeWith(Object owner, Runnable closer) {
        kept.put(closer, new WeakReference<>(owner));
        CLEANER.register(owner, () -> giveBack(closer));
    }

    private void giveBack(Runnable closer) {
        giving.readLock().lock();
        try {
            close(closer);
        } finally {
            giving.readLock().unlock();
        }
    }

    private void close(Runnable closer) {
        if (kept.remove(closer) != null) {
            closer.run();
        }
    }

    @Override
    public Optional<Narrowing> narrowing() {
        return card().multipliesNarrow() ? Optional.of(new TensorCores()) : Optional.empty();
    }

    @Override
    public Optional<Device> tf32() {
        return card().multipliesNarrow() ? Optional.of(new CudaTf32(this)) : Optional.empty();
    }

    PlanProgram bindTf32(Plan plan, PlanBindings bindings) {
        return withRoom(() -> CudaProgram.bind(card(), plan, bindings, tiles, true, this::collect));
    }

    @Override
    public PlanProgram bind(Plan plan, PlanBindings bindings) {
        return withRoom(() -> CudaProgram.bind(card(), plan, bindings, tiles, false, this::collect));
    }

    @Override
    public Updater updater(UpdateRule rule, FlatVector parameters, FlatVector gradient) {
        CudaUpdater updater = withRoom(() -> new CudaUpdater(this, rule, parameters, gradient, tiles));
        closeWith(updater, updater.update()::close);
        return updater;
    }

    /** Gives back all that is left on the card, and the card itself. */
    @Override
    public synchronized void close() {
        giving.writeLock().lock();
        try (Closers all = new Closers()) {
            if (card != null) {
                all.add(card::close);
            }
            kept.keySet().forEach(closer -> all.add(() -> close(closer)));
        } finally {
            giving.writeLock().unlock();
        }
    }
}
