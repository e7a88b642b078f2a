package org.likelihood4j.data.synthetic;

import java.util.stream.IntStream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.HeapNeed;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitSizes;
import org.likelihood4j.data.Splits;

/**
 * Handwritten-looking digits, 1x28x28, painted from a seed: no download, the same pictures on every machine. Each split
 * has its own stream, so that more training images change neither those before them nor the test images.
 */
public final class DigitsSource implements PartialSource {
    private static final ImageShape SHAPE = new ImageShape(1, DigitPainter.SIDE, DigitPainter.SIDE);
    private static final int CHUNK = 256; // images between two reports of progress
    private static final int MOST = Integer.MAX_VALUE / SHAPE.size() - 1;

    private final int train;
    private final int validation;
    private final int test;
    private final long seed;

    /**
     * @param train how many training images, at least 1
     * @param validation how many validation images, 0 or more
     * @param test how many test images, 0 or more
     * @param seed what is painted; use the same seed for runs that are to be compared
     * @throws DataException if a count is out of range
     */
    public DigitsSource(int train, int validation, int test, long seed) {
        this.train = checkCount("train", train, 1);
        this.validation = checkCount("validation", validation, 0);
        this.test = checkCount("test", test, 0);
        this.seed = seed;
    }

    @Override
    public Splits load(ProgressListener progress) {
        HeapNeed.check("digits", (long) train + validation + test, SHAPE, 1);
        Progress total = new Progress(progress, (long) train + validation + test);
        return new Splits(
                paint(0, first(train), total), paint(1, first(validation), total), paint(2, first(test), total));
    }

    private static int[] first(int count) {
        return IntStream.range(0, count).toArray();
    }

    @Override
    public int[] trainingRows(SplitSizes sizes) {
        return first(sizes.train());
    }

    @Override
    public ImageSet readRows(int[] rows, SplitSizes sizes, ProgressListener progress) {
        return paint(0, rows, new Progress(progress, rows.length));
    }

    @Override
    public ImageShape shape() {
        return SHAPE;
    }

    @Override
    public String describe() {
        return "digits (painted, version " + DigitPainter.VERSION + ", seed " + seed + "): " + train + " training, "
                + validation + " validation, " + test + " test images of " + SHAPE;
    }

    private ImageSet paint(int split, int[] numbers, Progress progress) {
        int count = numbers.length;
        DigitPainter painter = new DigitPainter(seed);
        byte[] pixels = new byte[count * SHAPE.size()];
        int[] labels = new int[count];
        // In any order, on all cores: each image depends on its index alone.
        IntStream.range(0, (count + CHUNK - 1) / CHUNK).parallel().forEach(chunk -> {
            int to = Math.min(count, (chunk + 1) * CHUNK);
            for (int i = chunk * CHUNK; i < to; i++) {
                labels[i] = painter.paint(split, numbers[i], pixels, i * SHAPE.size());
            }
            progress.add(to - chunk * CHUNK);
        });
        return ImageSet.owning(SHAPE, pixels, labels);
    }

    private static int checkCount(String key, int count, int least) {
        if (count < least || count > MOST) {
            throw new DataException("data." + key + " must be " + least + " to " + MOST + " for digits, was " + count);
        }
        return count;
    }

    /** Adds up what the threads have done, and tells the listener of it one at a time. */
    private static final class Progress {
        private final ProgressListener listener;
        private final long total;
        private long done;

        Progress(ProgressListener listener, long total) {
            this.listener = listener;
            this.total = total;
        }

        synchronized void add(long images) {
            done += images;
            listener.progress("drawing digits", done, total);
        }
    }
}
