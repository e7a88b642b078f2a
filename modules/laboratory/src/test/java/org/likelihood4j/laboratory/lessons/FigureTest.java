package org.likelihood4j.laboratory.lessons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class FigureTest {
    private static final double[] X = {1, 10, 100};

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    /** The places of the one line that is not of the axes. */
    private static String[] places(String svg) throws Exception {
        NodeList lines = parsed(svg).getElementsByTagName("polyline");
        return ((Element) lines.item(lines.getLength() - 1))
                .getAttribute("points")
                .split("[ ,]");
    }

    @Test
    void equalRatiosAreEqualDistancesOnALogarithmicAxis() throws Exception {
        String[] places = places(
                new Figure("t", "x", "y").logX().logY().line("line", X, X).svg());
        double[] at = new double[places.length];
        for (int i = 0; i < at.length; i++) {
            at[i] = Double.parseDouble(places[i]);
        }
        assertThat(at[2] - at[0]).isPositive().isCloseTo(at[4] - at[2], org.assertj.core.data.Offset.offset(0.2));
        // Up is less.
        assertThat(at[3] - at[1]).isNegative().isCloseTo(at[5] - at[3], org.assertj.core.data.Offset.offset(0.2));
    }

    @Test
    void namesAreTextWhateverIsInThem() throws Exception {
        String svg = new Figure("KL(q || p) < 1 & more", "x", "y")
                .dots("a > b", X, X)
                .svg();
        assertThat(parsed(svg).getDocumentElement().getTextContent()).contains("KL(q || p) < 1 & more", "a > b");
    }

    @Test
    void whatHasNoPlaceIsLeftOutAndBreaksALine() throws Exception {
        double[] y = {1, 2, Double.NaN, 3, 4};
        String whole = new Figure("t", "x", "y")
                .line("", new double[] {0, 1, 2, 3, 4}, new double[] {1, 2, 2, 3, 4})
                .svg();
        String broken = new Figure("t", "x", "y")
                .line("", new double[] {0, 1, 2, 3, 4}, y)
                .svg();
        int axes = parsed(new Figure("t", "x", "y")
                                .line("", new double[] {0, 1, 2, 3, 4}, new double[] {1, 2, 2, 3, 4})
                                .svg())
                        .getElementsByTagName("polyline")
                        .getLength()
                - 1;
        assertThat(parsed(whole).getElementsByTagName("polyline").getLength()).isEqualTo(axes + 1);
        assertThat(parsed(broken).getElementsByTagName("polyline").getLength()).isEqualTo(axes + 2);
        assertThat(broken).doesNotContain("NaN");
    }

    @Test
    void panelsStandSideBySide() throws Exception {
        Figure one = new Figure("t", "x", "y").plane(-1, 1, -1, 1).dots("", new double[] {0}, new double[] {0});
        Element single = parsed(one.svg()).getDocumentElement();
        Element four =
                parsed(new Figure.Panels(List.of(one, one, one, one), 3).svg()).getDocumentElement();
        int width = Integer.parseInt(single.getAttribute("width"));
        int height = Integer.parseInt(single.getAttribute("height"));
        assertThat(four.getAttribute("width")).isEqualTo(String.valueOf(3 * width));
        assertThat(four.getAttribute("height")).isEqualTo(String.valueOf(2 * height));
    }

    @Test
    void pixelsAreOfTheSameSizeWhereThereAreFonts() {
        Figure figure = new Figure("t", "x", "y").bars("bars", X, X).dots("dots", X, X, X);
        figure.picture().ifPresent(picture -> {
            assertThat(figure.svg()).contains("width=\"" + picture.getWidth() + "\"");
            assertThat(picture.getRGB(0, 0) & 0xffffff).isEqualTo(0xffffff);
        });
    }

    @Test
    void unequalNumbersOfPlacesAreRefused() {
        assertThatThrownBy(() -> new Figure("t", "x", "y").line("line", X, new double[2]))
                .hasMessage("'line' has 3 x and 2 y");
    }
}
