// What ./run.sh layers has found: a flow of the plane, layer by layer.
"use strict";
(function (page) {
  const {element, number} = page;

  /** A window that holds nearly all, the same scale along both axes. */
  function around(space) {
    const range = values => ({low: page.quantile(values, 0.01), high: page.quantile(values, 0.99)});
    const both = [[space.x, space.dataX], [space.y, space.dataY]].map(([grid, data]) => range([...grid, ...data]));
    const half = Math.max(1e-9, 0.56 * Math.max(...both.map(r => r.high - r.low)));
    return both.map(r => ({low: (r.low + r.high) / 2 - half, high: (r.low + r.high) / 2 + half}));
  }

  class Layers {
    constructor(found) {
      this.found = found;
      const last = found.spaces.length - 1;
      const logDets = found.spaces.flatMap(space => space.logDet);
      this.low = page.quantile(logDets, 0.02);
      this.high = page.quantile(logDets, 0.98);
      this.classes = page.classesOf(found);
      this.hidden = new Set();
      this.plane = new page.Plane("");
      this.slider = element("input", {type: "range", min: 0, max: last, step: 1, value: 0, "aria-label": "Layer", input: () => this.show()});
      this.where = element("output", {class: "where"});
      this.figure = element("figure", {id: "layer-map", class: "wide"},
        element("figcaption", {}, element("h3", {}, "From data to latents, layer by layer")),
        element("p", {class: "note"}, "Lines: a regular grid of latents from \u2212" + found.extent + " to " + found.extent
          + ", taken to this space by the layers' inverses. Colour: log|det dx/dz| up to here, in nats, dark where the map from the latents shrinks and light where it stretches;"
          + " the density here is N(z; 0, I) divided by its exponential. Points: " + found.split + " data, taken here from the other side."),
        element("div", {class: "slider"}, this.slider, this.where),
        element("div", {class: "beside"}, this.plane.node, element("div", {},
          page.classButtons(this.classes, (one, shown) => {
            this.hidden[shown ? "delete" : "add"](one.label);
            this.show();
          }), this.scale())));
      this.show();
    }

    share(value) { return (value - this.low) / Math.max(1e-9, this.high - this.low); }

    scale() {
      const bar = element("span", {class: "scale"});
      bar.style.background = "linear-gradient(to right, " + [0, 0.25, 0.5, 0.75, 1].map(page.viridis).join(", ") + ")";
      return element("p", {class: "ends"}, element("span", {}, number(this.low, 3)), bar, element("span", {}, number(this.high, 3) + " nats"));
    }

    show() {
      const place = Number(this.slider.value);
      const space = this.found.spaces[place];
      const name = place === 0 ? "data" : "behind " + space.name;
      this.where.textContent = place + " of " + (this.found.spaces.length - 1) + ": " + name;
      this.plane.node.setAttribute("aria-label", "Grid and data, " + name);
      const [x, y] = around(space);
      this.plane.window(x, y, place === 0 ? this.found.columns : ["", ""]);
      const size = this.found.size;
      const grid = this.plane.group("lines");
      for (let i = 0; i < size * size; i++) {
        for (const next of [i % size + 1 < size ? i + 1 : -1, i + size < size * size ? i + size : -1]) {
          if (next >= 0) {
            this.plane.segment(grid, [space.x[i], space.y[i], space.x[next], space.y[next]],
              page.viridis(this.share((space.logDet[i] + space.logDet[next]) / 2)));
          }
        }
      }
      const groups = new Map(this.classes.map(one => [one.label, this.plane.group("points " + page.classStyle(one.place))]));
      this.found.labels.forEach((label, i) => {
        if (!this.hidden.has(label)) {
          this.plane.point(groups.get(label), space.dataX[i], space.dataY[i], 2);
        }
      });
    }
  }

  page.layers = run => run && run.layers ? [new Layers(run.layers).figure] : null;
})(window.likelihood4j);
