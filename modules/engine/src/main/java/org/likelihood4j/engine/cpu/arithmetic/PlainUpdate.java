package org.likelihood4j.engine.cpu.arithmetic;

/** An update's arithmetic in plain loops over tiles that are copied to the heap and back: for machines without the Vector API. */
public final class PlainUpdate implements UpdateMath {
    private static final int TILE = 1024;

    private final float[] tileP = new float[TILE + TileMath.SKEW];
    private final float[] tileM = new float[TILE + TileMath.SKEW];
    private final float[] tileV = new float[TILE + TileMath.SKEW];
    private final float[] tileG = new float[TILE + TileMath.SKEW];

    @Override
    public double squares(Memory g, int from, int n) {
        double sum = 0;
        for (int at = from; at < from + n; at += TILE) {
            int length = Math.min(TILE, from + n - at);
            g.read(at, tileG, 0, length);
            for (int i = 0; i < length; i++) {
                sum += (double) tileG[i] * tileG[i];
            }
        }
        return sum;
    }

    @Override
    public void adam(
            Memory p, Memory m, Memory v, Memory g, Memory average, int from, int n, Adam step, float keep, double d) {
        for (int at = from; at < from + n; at += TILE) {
            int length = Math.min(TILE, from + n - at);
            p.read(at, tileP, 0, length);
            m.read(at, tileM, 0, length);
            v.read(at, tileV, 0, length);
            g.read(at, tileG, 0, length);
            adam(tileP, tileM, tileV, tileG, length, step, keep);
            p.write(tileP, 0, at, length);
            m.write(tileM, 0, at, length);
            v.write(tileV, 0, at, length);
            average(average, at, length, d);
        }
    }

    private static void adam(float[] p, float[] m, float[] v, float[] g, int n, Adam step, float keep) {
        float scale = step.scale();
        float b1 = (float) step.beta1();
        float b2 = (float) step.beta2();
        float c1 = (float) (1 - step.beta1());
        float c2 = (float) (1 - step.beta2());
        float rate = step.rate();
        float epsilon = step.epsilon();
        for (int i = 0; i < n; i++) {
            float gradient = scale * g[i];
            float mean = b1 * m[i] + c1 * gradient;
            float square = b2 * v[i] + c2 * gradient * gradient;
            m[i] = mean;
            v[i] = square;
            p[i] = keep * p[i] - rate * mean / ((float) Math.sqrt(square) + epsilon);
        }
    }

    @Override
    public void momentum(
            Memory p, Memory v, Memory g, Memory average, int from, int n, Momentum step, float keep, double d) {
        for (int at = from; at < from + n; at += TILE) {
            int length = Math.min(TILE, from + n - at);
            p.read(at, tileP, 0, length);
            v.read(at, tileV, 0, length);
            g.read(at, tileG, 0, length);
            momentum(tileP, tileV, tileG, length, step, keep);
            p.write(tileP, 0, at, length);
            v.write(tileV, 0, at, length);
            average(average, at, length, d);
        }
    }

    private static void momentum(float[] p, float[] v, float[] g, int n, Momentum step, float keep) {
        float scale = step.scale();
        float momentum = step.momentum();
        float rate = step.rate();
        for (int i = 0; i < n; i++) {
            float velocity = momentum * v[i] + scale * g[i];
            v[i] = velocity;
            p[i] = keep * p[i] - rate * velocity;
        }
    }

    /** With the parameters that are in their tile. */
    private void average(Memory average, int at, int n, double d) {
        if (average != null) {
            average.read(at, tileV, 0, n);
            average(tileV, tileP, n, (float) d, (float) (1 - d));
            average.write(tileV, 0, at, n);
        }
    }

    private static void average(float[] average, float[] p, int n, float old, float fresh) {
        for (int i = 0; i < n; i++) {
            average[i] = old * average[i] + fresh * p[i];
        }
    }
}
