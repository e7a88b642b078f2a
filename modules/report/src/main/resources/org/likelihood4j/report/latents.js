// What ./run.sh latents has found: where latents lie, by class, and the aggregate posterior over the prior.
"use strict";
(function (page) {
  const {element, number} = page;
  const MASSES = [0.5, 0.9, 0.99];

  /** The density above which there is a share of the whole mass, 1; null where the grid does not hold so much. */
  function level(plane, density, share) {
    const cell = (plane.high[0] - plane.low[0]) * (plane.high[1] - plane.low[1]) / Math.pow(plane.size - 1, 2);
    let sum = 0;
    for (const d of Float64Array.from(density).sort().reverse()) {
      sum += d * cell;
      if (sum >= share) {
        return d;
      }
    }
    return null;
  }

  /** The segments of a contour: each cell of the grid is two triangles, whose edges it crosses in straight lines. */
  function contour(plane, density, at) {
    const {size, low, high} = plane;
    const node = i => ({x: low[0] + i % size * (high[0] - low[0]) / (size - 1),
      y: low[1] + Math.floor(i / size) * (high[1] - low[1]) / (size - 1), d: density[i]});
    const crossing = (a, b) => {
      const t = (at - a.d) / (b.d - a.d);
      return [a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)];
    };
    const segments = [];
    const triangle = corners => {
      const cut = [[0, 1], [1, 2], [2, 0]].map(([i, j]) => [corners[i], corners[j]])
        .filter(([a, b]) => (a.d >= at) !== (b.d >= at)).map(([a, b]) => crossing(a, b));
      if (cut.length === 2) {
        segments.push([...cut[0], ...cut[1]]);
      }
    };
    for (let row = 0; row + 1 < size; row++) {
      for (let column = 0; column + 1 < size; column++) {
        const i = row * size + column;
        const [a, b, c, d] = [i, i + 1, i + size, i + size + 1].map(node);
        triangle([a, b, d]);
        triangle([a, d, c]);
      }
    }
    return segments;
  }

  function map(space) {
    const plane = new page.Plane("Encodings of " + space.labels.length + " examples over " + space.axes[0].name + " and " + space.axes[1].name);
    const {low, high} = space.plane;
    plane.window({low: low[0], high: high[0]}, {low: low[1], high: high[1]},
      space.axes.map(axis => axis.name + " (" + number(100 * axis.share, 2) + "% of the variance)"));
    const classes = page.classesOf(space);
    const groups = new Map(classes.map(one => [one.label, plane.group("points " + page.classStyle(one.place))]));
    space.labels.forEach((label, i) => plane.point(groups.get(label), space.x[i], space.y[i], 2.4));
    const kinds = [["prior", space.plane.prior], ["posterior", space.plane.posterior]].filter(([, density]) => density);
    kinds.forEach(([name, density]) => MASSES.forEach(share => {
      const at = level(space.plane, density, share);
      if (at !== null) {
        const group = plane.group("contour " + name);
        contour(space.plane, density, at).forEach(ends => plane.segment(group, ends));
      }
    }));
    return element("figure", {id: "latent-map", class: "wide"},
      element("figcaption", {}, element("h3", {}, "Encodings, and q(z) over p(z)")),
      element("p", {class: "note"}, "Points: encodings of " + space.split + " examples, by class. Lines: half, 90% and 99% of the mass of the aggregate posterior"
        + " q(z), whole lines, and of the prior p(z), broken lines; both smoothed alike. Where the prior has mass and q(z) has none, samples are decoded from latents that no example has."),
      element("div", {class: "beside"}, plane.node, page.classButtons(classes, (one, shown) => {
        groups.get(one.label).style.display = shown ? "" : "none";
      })));
  }

  page.latentSpace = run => {
    const space = run && run.space;
    return !space ? null : [map(space), space.quantities.length ? page.table("What the KL consists of, " + space.examples + " " + space.split + " examples, z of " + space.labels.length,
      ["quantity", "mean \u00b1 standard error", "what it is"],
      space.quantities.map(q => [q.name, page.withError(q.mean, q.standardError), q.description])) : null];
  };
})(window.likelihood4j);
