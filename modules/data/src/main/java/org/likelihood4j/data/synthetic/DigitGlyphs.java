package org.likelihood4j.data.synthetic;

import java.util.ArrayList;
import java.util.List;

/**
 * How people write the ten digits: hand-designed skeletons, several for each digit, the commoner ones weighing more.
 *
 * <p>A skeleton is text: knots {@code x,y} in percent (x to the right, y downwards; the digit's height is 0 to 100),
 * joined by a smooth curve in the order of the pen's movement. {@code |} after a knot makes it a corner; {@code ;} lifts
 * the pen.
 */
final class DigitGlyphs {
    /** One way to write a digit. A stroke is its smooth runs; neighbouring runs share their corner. */
    record Glyph(double weight, List<List<Run>> strokes) {}

    /** Knots to be joined by one smooth curve, at least 2. */
    record Run(List<Knot> knots) {}

    /** A point that the pen passes; {@code id} tells the glyph's knots apart, so that runs share a moved corner. */
    record Knot(int id, double x, double y) {}

    private static final List<List<Glyph>> BY_DIGIT = List.of(
            List.of(
                    glyph(4, "56,3 34,4 16,24 10,54 18,84 40,98 64,88 76,58 70,22 54,3 42,5"),
                    glyph(3, "44,6 60,1 76,20 80,52 68,84 44,99 20,88 8,56 16,22 38,4 52,5"),
                    glyph(2, "66,12 46,1 24,14 12,46 16,80 38,99 62,90 78,60 74,26 56,8 36,16")),
            List.of(
                    glyph(6, "50,0 50,34 50,67 50,100"),
                    glyph(2, "32,22 43,13 54,1| 53,34 52,67 51,100"),
                    glyph(1, "30,22 42,13 52,1| 52,34 51,67 51,98 ; 26,99 51,98 76,97")),
            List.of(
                    glyph(4, "12,24 24,6 48,1 68,14 68,36 50,60 30,80 12,97| 36,95 60,94 84,95"),
                    glyph(4, "12,22 30,4 56,3 70,20 64,44 44,70 24,92 10,92 14,80 32,80 54,93 72,97 88,88"),
                    glyph(2, "18,18 40,2 64,8 70,28 56,54 34,78 12,96| 32,88 56,96 84,92")),
            List.of(
                    glyph(5, "14,14 36,1 62,6 68,24 54,41 32,47| 58,52 74,68 68,88 42,100 10,90"),
                    glyph(3, "16,10 40,1 62,10 62,28 46,42 30,45 44,48 66,58 72,78 56,96 30,99 10,88"),
                    glyph(1, "14,5 42,3 70,3| 54,22 38,42| 62,50 74,70 62,92 36,100 10,90")),
            List.of(
                    glyph(4, "20,4 15,24 14,48| 34,54 58,52 82,48 ; 68,6 65,36 61,68 58,100"),
                    glyph(3, "26,4 16,26 18,46 36,55 56,50 80,40 ; 70,8 66,40 61,70 57,100"),
                    glyph(2, "58,1 42,24 24,46 8,64| 34,65 60,64 86,62 ; 60,1 59,34 58,67 57,100")),
            List.of(
                    glyph(4, "30,5 27,24 24,44| 46,38 66,48 70,70 56,92 32,100 8,90 ; 30,5 52,4 78,1"),
                    glyph(3, "78,3 54,5 32,7| 28,26 24,44| 46,39 68,52 70,74 52,95 28,99 6,88"),
                    glyph(2, "80,4 56,2 34,10 28,28 42,42 62,54 68,74 52,95 28,99 8,90")),
            List.of(
                    glyph(4, "62,2 40,16 22,40 14,68 22,92 44,100 64,90 66,70 50,58 30,64 18,80"),
                    glyph(3, "44,0 30,24 19,50 16,76 30,97 54,97 68,80 58,62 38,60 20,76"),
                    glyph(2, "56,1 34,22 19,48 16,74 28,96 52,99 70,82 62,60 40,54 20,66")),
            List.of(
                    glyph(5, "10,10 32,8 54,7 78,5| 66,28 54,52 44,76 38,100"),
                    glyph(2, "10,9 32,7 54,6 78,4| 66,28 56,52 48,76 42,100 ; 32,54 50,52 72,49"),
                    glyph(2, "10,24 13,7| 34,11 56,9 78,3| 64,28 52,52 45,76 42,100"),
                    glyph(2, "8,16 22,5 44,8 66,6 74,16 62,38 50,62 42,82 38,100")),
            List.of(
                    glyph(5, "70,14 50,1 28,6 22,24 38,40 58,54 70,74 60,95 38,100 20,88 22,68 42,52 62,36 72,18"),
                    glyph(2, "48,1 28,8 24,26 36,42 50,46 66,60 70,80 52,99 30,96 20,78 30,60 50,46 64,34 68,14 48,1"),
                    glyph(
                            2,
                            "62,10 44,1 26,12 30,32 48,46 66,34 66,14 50,3 ; 46,46 24,60 20,84 42,100 66,90 68,64 46,46")),
            List.of(
                    glyph(5, "66,16 48,2 26,8 16,28 28,46 48,42 62,24 68,10| 67,40 64,70 60,100"),
                    glyph(2, "68,18 50,2 26,8 16,28 30,47 52,42 68,18| 72,46 64,76 46,97 20,96"),
                    glyph(3, "70,12 48,1 24,10 14,32 28,48 52,40 68,16 68,40 60,70 52,100")));

    private DigitGlyphs() {}

    /** A way to write {@code digit}; {@code choice}, uniform in [0, 1), picks it by weight. */
    static Glyph pick(int digit, double choice) {
        List<Glyph> glyphs = BY_DIGIT.get(digit);
        double total = 0;
        for (Glyph glyph : glyphs) {
            total += glyph.weight();
        }
        double rest = choice * total;
        for (Glyph glyph : glyphs) {
            rest -= glyph.weight();
            if (rest < 0) {
                return glyph;
            }
        }
        return glyphs.get(glyphs.size() - 1);
    }

    private static Glyph glyph(double weight, String skeleton) {
        List<List<Run>> strokes = new ArrayList<>();
        int id = 0;
        for (String strokeText : skeleton.split(";", -1)) {
            List<Run> runs = new ArrayList<>();
            List<Knot> knots = new ArrayList<>();
            for (String word : strokeText.trim().split(" ", -1)) {
                boolean corner = word.endsWith("|");
                int comma = word.indexOf(',');
                double x = Integer.parseInt(word.substring(0, comma)) / 100.0;
                double y =
                        Integer.parseInt(word.substring(comma + 1, corner ? word.length() - 1 : word.length())) / 100.0;
                Knot knot = new Knot(id++, x, y);
                knots.add(knot);
                if (corner) {
                    runs.add(new Run(List.copyOf(knots)));
                    knots.clear();
                    knots.add(knot);
                }
            }
            if (knots.size() > 1) { // a stroke may end in a corner, which then changes nothing
                runs.add(new Run(List.copyOf(knots)));
            }
            strokes.add(List.copyOf(runs));
        }
        return new Glyph(weight, List.copyOf(strokes));
    }
}
