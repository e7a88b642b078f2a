package org.likelihood4j.engine;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.likelihood4j.engine.GraphCase.Sketch;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;

/** Graphs with convolutions of images with their channels last, plain and transposed. */
final class ConvolutionCases {
    private ConvolutionCases() {}

    /**
     * A convolution's sizes: of images {@code [n, h, w, in]}, with a kernel {@code [kh, kw]}, strides and padding.
     *
     * @param same whether as many zeros as keep the size, instead of {@code ph} and {@code pw} on each side
     */
    record Sizes(int n, int h, int w, int in, int out, int kh, int kw, int sh, int sw, boolean same, int ph, int pw) {
        static Sizes square(int n, int h, int in, int out, int k, int s, boolean same, int p) {
            return new Sizes(n, h, h, in, out, k, k, s, s, same, p, p);
        }

        @Override
        public String toString() {
            return n + " x " + h + " x " + w + " x " + in + " -> " + out + ", kernel " + kh + " x " + kw + ", strides "
                    + sh + ", " + sw + (same ? ", same" : ", padding " + ph + ", " + pw);
        }

        boolean fits() {
            return same || (h + 2 * ph >= kh && w + 2 * pw >= kw);
        }

        int outHeight() {
            return same ? (h + sh - 1) / sh : (h + 2 * ph - kh) / sh + 1;
        }

        int outWidth() {
            return same ? (w + sw - 1) / sw : (w + 2 * pw - kw) / sw + 1;
        }

        int transposedHeight() {
            return same ? h * sh : sh * (h - 1) + kh - 2 * ph;
        }

        int transposedWidth() {
            return same ? w * sw : sw * (w - 1) + kw - 2 * pw;
        }
    }

    private static final Sizes[] ALL = {
        Sizes.square(2, 5, 3, 4, 3, 1, true, 0),
        Sizes.square(1, 1, 1, 1, 3, 1, true, 0),
        Sizes.square(3, 6, 2, 5, 3, 1, false, 0),
        Sizes.square(3, 6, 2, 5, 3, 1, false, 1),
        Sizes.square(3, 6, 2, 5, 3, 1, false, 2),
        Sizes.square(2, 7, 3, 2, 3, 2, true, 0),
        Sizes.square(2, 8, 3, 2, 3, 2, true, 0),
        Sizes.square(2, 8, 3, 2, 4, 2, true, 0),
        Sizes.square(2, 7, 3, 2, 4, 2, true, 0),
        Sizes.square(2, 8, 3, 2, 4, 2, false, 1),
        Sizes.square(2, 7, 3, 2, 4, 2, false, 1),
        Sizes.square(2, 7, 3, 2, 5, 3, false, 2),
        Sizes.square(2, 6, 3, 2, 2, 1, true, 0),
        Sizes.square(2, 6, 3, 2, 2, 2, false, 0),
        Sizes.square(2, 6, 3, 7, 1, 1, false, 0),
        Sizes.square(2, 6, 3, 7, 1, 2, false, 0),
        Sizes.square(2, 5, 3, 7, 1, 2, true, 0),
        Sizes.square(4, 3, 2, 5, 3, 1, false, 0),
        Sizes.square(4, 7, 17, 16, 3, 1, true, 0),
        new Sizes(2, 5, 8, 3, 4, 2, 3, 1, 2, true, 0, 0),
        new Sizes(2, 5, 8, 3, 4, 2, 3, 2, 1, false, 1, 0),
        new Sizes(2, 4, 9, 1, 3, 4, 1, 1, 1, false, 0, 0),
        new Sizes(2, 4, 9, 2, 1, 1, 3, 1, 1, true, 0, 0),
    };

    static void addTo(BiConsumer<String, Consumer<Sketch>> cases) {
        for (Sizes sizes : ALL) {
            cases.accept("convolution, " + sizes, b -> {
                SDVariable x = images(b, sizes.n, sizes.h, sizes.w, sizes.in);
                SDVariable w = b.inner(b.parameter("w", sizes.kh, sizes.kw, sizes.in, sizes.out)
                        .mul(0.5));
                b.output(b.sd.reshape(plain(b, x, w, sizes), -1, sizes.out).add(b.parameter("bias", sizes.out)));
            });
            cases.accept("transposed convolution, " + sizes, b -> {
                SDVariable x = images(b, sizes.n, sizes.h, sizes.w, sizes.in);
                SDVariable w = b.inner(b.parameter("w", sizes.kh, sizes.kw, sizes.out, sizes.in)
                        .mul(0.5));
                b.output(b.sd.reshape(transposed(b, x, w, sizes), -1, sizes.out).add(b.parameter("bias", sizes.out)));
            });
        }
        Sizes small = Sizes.square(3, 4, 2, 3, 3, 1, true, 0);
        cases.accept("a convolution of parts, joins, repeated rows and transposes", b -> {
            SDVariable x = b.input("x", 48, 5).mul(b.parameter("p", 5));
            SDVariable part = b.sd.slice(x, new int[] {0, 1}, 48, 2);
            SDVariable join = b.sd.concat(1, b.sd.math().tanh(b.sd.slice(x, new int[] {0, 4}, 48, 1)), x.sum(true, 1));
            SDVariable row = b.sd.slice(x, new int[] {0, 0}, 48, 2).mul(0).add(b.parameter("row", 2));
            SDVariable across = b.sd.transpose(b.sd.math().exp(b.parameter("q", 2, 48)));
            int i = 0;
            for (SDVariable image : new SDVariable[] {part, join, row, across}) {
                SDVariable w = b.parameter("w" + i++, 3, 3, 2, 3);
                SDVariable y = plain(b, b.sd.reshape(image, 3, 4, 4, 2), w, small);
                b.output(b.sd.reshape(y, 3, 48).mul(0.5));
                b.output(b.sd.concat(1, b.sd.reshape(y, -1, 3), part));
            }
        });
        cases.accept("layers of convolutions", b -> {
            SDVariable x = b.sd.reshape(b.input("x", 2, 72), 2, 6, 6, 2);
            SDVariable h = plain(b, x, b.parameter("w0", 3, 3, 2, 5), Sizes.square(2, 6, 2, 5, 3, 1, true, 0));
            h = b.sd.nn().relu(b.sd.reshape(h, -1, 5).add(b.parameter("b0", 5)), 0);
            SDVariable down = plain(
                    b,
                    b.sd.reshape(h, -1, 6, 6, 5),
                    b.parameter("w1", 4, 4, 5, 3),
                    Sizes.square(2, 6, 5, 3, 4, 2, true, 0));
            down = b.sd.math().tanh(b.sd.reshape(down, -1, 3).add(b.parameter("b1", 3)));
            SDVariable up = transposed(
                    b,
                    b.sd.reshape(down, -1, 3, 3, 3),
                    b.parameter("w2", 4, 4, 5, 3),
                    Sizes.square(2, 3, 3, 5, 4, 2, true, 0));
            SDVariable all = b.sd.reshape(up, -1, 5).add(h);
            SDVariable pointwise = plain(
                    b,
                    b.sd.reshape(all, -1, 6, 6, 5),
                    b.parameter("w3", 1, 1, 5, 4),
                    Sizes.square(2, 6, 5, 4, 1, 1, true, 0));
            b.output(b.sd.reshape(pointwise, 2, 144).sum(1));
            b.output(b.sd.reshape(pointwise, -1, 144));
        });
        cases.accept("a bias and a rectifier after a convolution, where others read what is between", b -> {
            Sizes sizes = Sizes.square(3, 6, 3, 4, 3, 1, true, 0);
            SDVariable x = images(b, 3, 6, 6, 3);
            for (int form = 0; form < 6; form++) {
                SDVariable y = b.sd.reshape(plain(b, x, b.parameter("w" + form, 3, 3, 3, 4), sizes), -1, 4);
                SDVariable sum = form == 1 ? y : y.add(b.parameter("bias" + form, 4));
                SDVariable h = form == 2 ? sum : b.sd.nn().relu(sum, 0);
                b.output(h.mul(0.5));
                switch (form) {
                    case 3 -> b.output(y);
                    case 4 -> b.output(sum.mul(h));
                    case 5 -> b.output(b.sd.concat(1, h, y));
                    default -> b.output(b.sd.reshape(h, 3, 144).sum(1));
                }
            }
            SDVariable y = b.sd.reshape(plain(b, x, b.parameter("w", 3, 3, 3, 4), sizes), -1, 4);
            b.output(b.sd.nn().relu(y.add(b.sd.math().tanh(b.parameter("bias", 4))), 0));
            b.output(b.sd.nn().relu(y.add(b.parameter("each", 108, 4)), 0));
        });
        cases.accept("a convolution with a bias of its own, which is the library's", b -> {
            SDVariable x = images(b, 2, 6, 6, 3);
            Conv2DConfig usual = config(Sizes.square(2, 6, 3, 2, 3, 1, true, 0)).build();
            SDVariable bias = b.parameter("bias", 2);
            b.output(b.sd.reshape(b.sd.cnn().conv2d(x, b.parameter("v", 3, 3, 3, 2), bias, usual), -1, 2));
        });
    }

    /** Numbers that a gradient reaches. */
    private static SDVariable images(Sketch b, int n, int h, int w, int channels) {
        long size = (long) h * w * channels;
        SDVariable x = b.input("x", n, size).mul(b.parameter("p", n, size));
        return b.sd.reshape(b.inner(x), -1, h, w, channels);
    }

    private static Conv2DConfig.Conv2DConfigBuilder config(Sizes sizes) {
        return Conv2DConfig.builder()
                .kH(sizes.kh)
                .kW(sizes.kw)
                .sH(sizes.sh)
                .sW(sizes.sw)
                .pH(sizes.ph)
                .pW(sizes.pw)
                .paddingMode(sizes.same ? PaddingMode.SAME : PaddingMode.VALID)
                .dataFormat(Conv2DConfig.NHWC);
    }

    /** Of weights {@code [kh, kw, in, out]}. */
    static SDVariable plain(Sketch b, SDVariable x, SDVariable w, Sizes sizes) {
        return b.sd.cnn().conv2d(x, w, config(sizes).build());
    }

    /** Of weights {@code [kh, kw, out, in]}. */
    static SDVariable transposed(Sketch b, SDVariable x, SDVariable w, Sizes sizes) {
        return b.sd.cnn()
                .deconv2d(
                        x,
                        w,
                        DeConv2DConfig.builder()
                                .kH(sizes.kh)
                                .kW(sizes.kw)
                                .sH(sizes.sh)
                                .sW(sizes.sw)
                                .pH(sizes.ph)
                                .pW(sizes.pw)
                                .isSameMode(sizes.same)
                                .dataFormat(DeConv2DConfig.NHWC)
                                .build());
    }
}
