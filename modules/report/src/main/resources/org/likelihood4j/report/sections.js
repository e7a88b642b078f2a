// What the page shows, in its order: sections, each with charts and a sentence on how to read them.
"use strict";
(function (page) {
  const COLOURS = {__proto__: null, analytic: 0, sampled: 1, path: 2, training: 1, validation: 0};

  /**
   * Series of one or several runs: alone, a run's series differ by colour and dash; of several, the colour says the run and the
   * dash the series.
   */
  function lines(runs, roles) {
    const several = runs.length > 1;
    return runs.flatMap((run, i) => roles.map((role, j) => Object.assign({}, role, {
      run,
      label: several ? run.name + " \u00b7 " + role.label : role.label,
      colour: several ? i : role.colour === undefined ? j : role.colour,
      dash: role.dash || page.dash(several ? j + Math.floor(i / page.COLOURS) : j),
      hidden: role.hidden || (several && role.faint),
    })));
  }

  const has = (runs, table) => runs.some(run => run.tables[table]);

  function loss(runs) {
    const weighted = runs.some(run => run.tables.training && run.tables.training.columns.weighted_loss);
    return lines(runs, [
      {label: "validation", table: "validation", column: "loss", colour: 0, dash: []},
      {label: "training", table: "training", column: "loss", colour: 1, dash: [7, 4]},
      ...weighted ? [{label: "training, as weighted", table: "training", column: "weighted_loss", colour: 2, dash: [2, 3]}] : [],
      {label: "training steps", table: "steps", column: "loss", colour: 1, dash: [], faint: true},
    ]);
  }

  function terms(runs) {
    const negated = run => table => run.tables[table] && run.tables[table].columns.reconstruction
      && run.tables[table].columns.reconstruction.map(v => v === null ? null : -v);
    return lines(runs, [
      {label: "validation", table: "validation", column: "reconstruction", colour: 0, dash: []},
      {label: "training", table: "training", column: "reconstruction", colour: 1, dash: [7, 4]},
    ]).map(s => Object.assign(s, {values: negated(s.run)(s.table)})).filter(s => s.values);
  }

  /** Of the validation images after each epoch; without those, of the training steps. */
  const klTable = run => run.tables.kl ? "kl" : "steps/kl";

  function kl(runs) {
    return lines(runs, [
      {label: "sampled", column: "sampled", colour: 1, dash: [7, 4], band: ["sampled_low", "sampled_high"]},
      {label: "analytic", column: "analytic", colour: 0, dash: []},
    ]).map(s => Object.assign(s, {table: klTable(s.run)}));
  }

  function klDifference(runs) {
    return lines(runs, [
      {label: "sampled \u2212 analytic", column: "difference", colour: 1, dash: [], band: ["difference_low", "difference_high"]},
    ]).map(s => Object.assign(s, {table: klTable(s.run)}));
  }

  function klScore(runs) {
    return lines(runs, [
      {label: "z", column: "z", table: null, colour: 0, dash: []},
      {label: "z over all epochs so far", column: "z", table: "kl/pooled", colour: 2, dash: [7, 4]},
      {label: "z of training steps", column: "z", table: "steps/kl", colour: 1, dash: [], faint: true, points: true},
    ]).map(s => Object.assign(s, {table: s.table || klTable(s.run)}))
      .filter(s => !(s.faint && klTable(s.run) === "steps/kl"));
  }

  function klRange(u, low, high) {
    const most = Math.max(5.6, Math.abs(low || 0) * 1.08, Math.abs(high || 0) * 1.08);
    return [-most, most];
  }

  /** A line at each of these heights, behind the curves. */
  function levels(...heights) {
    return u => {
      const context = u.ctx;
      context.save();
      context.beginPath();
      context.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
      context.clip();
      for (const [height, style, dashed] of heights) {
        const y = Math.round(u.valToPos(height, "y", true));
        context.strokeStyle = page.style(style);
        context.lineWidth = devicePixelRatio * (dashed ? 1.5 : 1);
        context.setLineDash(dashed ? [6 * devicePixelRatio, 4 * devicePixelRatio] : []);
        context.beginPath();
        context.moveTo(u.bbox.left, y);
        context.lineTo(u.bbox.left + u.bbox.width, y);
        context.stroke();
      }
      context.restore();
    };
  }

  const gradients = term => runs => {
    const names = [...new Set(runs.flatMap(run => Object.keys((run.tables["gradients/" + term + "/mu"] || {columns: {}}).columns)))];
    return lines(runs, names.flatMap((name, i) => [["mu", "\u03bc", []], ["sigma", "\u03c3", [7, 4]]].map(([parameter, sign, dash]) => ({
      label: name + ", " + sign, table: "gradients/" + term + "/" + parameter, column: name,
      colour: COLOURS[name] === undefined ? 3 + i : COLOURS[name],
      dash: runs.length > 1 ? page.dash(2 * i + (parameter === "mu" ? 0 : 1)) : dash})))
    );
  };

  const totals = runs => lines(runs, [
    {label: "validation", table: "bits", column: "total", colour: 0, dash: []},
    {label: "training", table: "bits/training", column: "total", colour: 1, dash: [7, 4]},
  ]);

  const bitsTable = run => run.tables.bits ? "bits" : "bits/training";
  page.bitsTable = bitsTable;

  /** Of rows there are none; of images only before the first epoch. */
  const hasBits = run => page.hasExactDensity(run) && Boolean(run.tables[bitsTable(run)] || !run.tables.training);

  /** What the loss of rows consists of. */
  function parts(runs) {
    const table = run => run.tables.validation ? "validation" : "training";
    const whole = ["loss", "weighted_loss", "log_likelihood", "elbo"];
    const some = runs.filter(run => page.hasExactDensity(run) && !hasBits(run));
    const names = [...new Set(some.flatMap(run => Object.keys((run.tables[table(run)] || {columns: {}}).columns)))]
      .filter(name => !whole.includes(name));
    return lines(some, names.map(name => ({label: name.replace(/_/g, " "), column: name})))
      .map(s => Object.assign(s, {table: table(s.run)}));
  }

  page.bitsTerms = run => Object.keys((run.tables[bitsTable(run)] || {columns: {}}).columns).filter(name => name !== "total");

  /** Terms above zero are piled up from zero, those below zero down from it; the line is their sum. */
  function bits(runs) {
    if (runs.length > 1) {
      // The others hardly change while a flow learns.
      const still = ["dequantization", "logit", "standardization"];
      const terms = new Set(runs.flatMap(page.bitsTerms));
      const changing = ["total", ...[...terms].filter(name => !still.includes(name))];
      return lines(runs, changing.map((name, j) => ({label: name, column: name, dash: page.dash(j)})))
        .map(s => Object.assign(s, {table: bitsTable(s.run)}));
    }
    const run = runs[0];
    const table = run && run.tables[bitsTable(run)];
    if (!table) {
      return [];
    }
    const series = [];
    const above = table.x.map(() => 0);
    const below = table.x.map(() => 0);
    const zero = table.x.map(() => 0);
    page.bitsTerms(run).forEach((name, i) => {
      const values = table.columns[name];
      values.forEach((v, k) => {
        above[k] += Math.max(0, v || 0);
        below[k] += Math.min(0, v || 0);
      });
      const common = {run, table: bitsTable(run), column: name, colour: i + 1, area: true, width: 1};
      const positive = values.reduce((sum, v) => sum + (v || 0), 0) >= 0;
      series.push(Object.assign({}, common, {label: name, drawn: positive ? above.slice() : below.slice(), positive}));
      // A term that changes its sign has a share on the other side too.
      if (values.some(v => positive ? v < 0 : v > 0)) {
        series.push(Object.assign({}, common,
          {label: name + " (other sign)", drawn: positive ? below.slice() : above.slice(), positive: !positive}));
      }
    });
    series.push({run, table: bitsTable(run), column: "total", label: "bits/dim", colour: 0, dash: [], width: 3, stroke: () => page.style("--text")});
    series.push({run, table: bitsTable(run), column: "zero", label: "zero", aux: true, values: zero, of: {label: "zero"}});
    return series;
  }

  function bitsBands(series) {
    const zero = series.findIndex(s => s.label === "zero") + 1;
    const found = [];
    const before = {true: zero, false: zero};
    series.forEach((s, i) => {
      if (s.area) {
        const edges = s.positive ? [i + 1, before.true] : [before.false, i + 1];
        found.push({series: edges, fill: () => page.fade(page.colour(s.colour), 0.6)});
        before[s.positive] = i + 1;
      }
    });
    return found;
  }

  function blocks(runs, columns) {
    const names = run => Object.keys(run.tables).filter(name => name.startsWith("blocks/"));
    return runs.flatMap((run, r) => names(run).flatMap((table, i) => columns.filter(c => run.tables[table].columns[c.column])
      .map((c, j) => ({
        run, table, column: c.column, hidden: c.hidden,
        label: (runs.length > 1 ? run.name + " \u00b7 " : "") + table.slice(7) + (c.label ? ", " + c.label : ""),
        colour: runs.length > 1 ? r : i, dash: c.dash || page.dash(runs.length > 1 ? i : Math.floor(i / page.COLOURS)),
      }))));
  }

  const optimizer = column => runs => lines(runs, [{label: column.replace("_", " "), table: "steps", column, colour: 0, dash: []}]);

  const gradientNorms = runs => [
    ...lines(runs, [{label: "whole gradient", table: "steps", column: "gradient_norm", colour: 7, dash: [], stroke: runs.length > 1 ? undefined
      : () => page.style("--text")}]),
    ...blocks(runs, [{column: "gradient_norm", dash: runs.length > 1 ? undefined : [7, 4]}])];

  const NO_EPOCH = "No epoch has ended yet, so there is no mean to draw.";
  const NO_STEP = "No step has a line yet: each training.logEvery-th gets one.";
  const NO_BLOCK = "No line tells it: each training.logEvery-th step gets one; couplings that do not scale this half have nothing to tell.";

  page.SECTIONS = [
    {
      id: "curves", nav: "Curves", title: "Training and validation", when: () => true,
      text: "The loss is minus the mean log-likelihood of an image or row, or its lower bound, in nats: lower is better. Where validation"
        + " turns up while training goes on down, the model begins to learn its training data by heart.",
      charts: [
        {id: "chart-loss", title: "Loss", unit: "[nats]", log: "off", series: loss,
          note: "Solid: validation split after each epoch. Dashed: mean over the epoch's steps, so its weights are older.",
          empty: "There is no line of a step or an epoch yet."},
        {id: "chart-terms", title: "Reconstruction error", unit: "[nats]", log: "off", series: terms, when: runs => runs.some(page.hasKl),
          note: "\u2212E log p(x|z): the part of the loss that is not KL.", empty: NO_EPOCH},
        {id: "chart-bits-total", title: "Bits per dimension", unit: "[bits/dim]", log: "off", series: totals,
          when: runs => runs.some(hasBits),
          note: "The same loss for each pixel, in bits: what an ideal code would need to store it.", empty: NO_EPOCH},
        {id: "chart-parts", title: "Terms", unit: "[nats]", log: "off", series: parts,
          when: runs => runs.some(run => page.hasExactDensity(run) && !hasBits(run)),
          note: "What adds up to minus the loss, of validation rows.", empty: NO_EPOCH},
      ],
    },
    {
      id: "kl", nav: "Two KLs", title: "The two KLs, side by side", when: runs => runs.some(page.hasKl),
      text: "KL(q(z|x) || p(z)) in closed form, and as the mean of log q(z|x) \u2212 log p(z) at sampled z. Their expectations are equal,"
        + " so the closed form must run within the band of the sampled one; |z| > 5 raises an alarm.",
      charts: [
        {id: "chart-kl", title: "Analytic and sampled KL", unit: "[nats]", log: "off", series: kl, wide: true, tall: true,
          note: "Band: sampled \u00b1 2 standard errors of the difference to the analytic KL at the same z.",
          empty: "There is no comparison of the two KLs: it has no closed form here, or no epoch has been validated yet."},
        {id: "chart-kl-difference", title: "Difference", unit: "sampled \u2212 analytic [nats]", series: klDifference,
          behind: levels([0, "--quiet", false]),
          note: "With \u00b1 2 standard errors: zero should be within. Each epoch draws z anew, so the epochs are independent.",
          empty: "No differences yet."},
        {id: "chart-kl-z", title: "z-score", unit: "difference / standard error", series: klScore, range: klRange,
          behind: levels([0, "--quiet", false], [5, "--bad", true], [-5, "--bad", true]),
          note: "Dashed red: \u00b1 5, where the alarm is raised. Over all epochs so far a smaller bias shows. Dots: training steps, each with noise of its own.",
          empty: "No z-scores yet."},
      ],
    },
    {
      id: "latents", nav: "Latents", title: "Latent dimensions", when: runs => runs.some(page.hasKl), heat: true,
      text: "Which dimensions carry information: the KL of each over the epochs. A dimension with a KL near zero has collapsed onto the"
        + " prior; it is active (\u25cf) if its posterior mean (behind a flow f: f(\u03bc)) varies over images by more than 0.01.",
      charts: [
        {id: "chart-active", title: "Active dimensions", unit: "[count]", wide: true, short: true, counts: true, series: runs => lines(runs, [
          {label: "active", table: "latents", column: "active", colour: 2, dash: []}]), range: (u, low, high) => [0, (high || 1) * 1.15],
          note: "How many dimensions are active after each epoch.", empty: "The latents have not been examined yet."},
      ],
    },
    {
      id: "gradients", nav: "Gradient variance", title: "Gradient variance of the estimators", when: runs => runs.some(page.hasKl),
      text: "How noisy each estimator's gradient is with respect to the posterior's mean \u03bc (solid) and standard deviation \u03c3 (dashed),"
        + " at fixed images, summed over dimensions: lower is better. Their expectations are the same.",
      charts: [
        {id: "chart-gradient-variance", title: "Whole loss", unit: "variance", log: "on", series: gradients("loss"),
          note: "\u2212log p(x|z) + KL with the same z in both: this is what training feels.",
          empty: "The gradients have not been examined yet (diagnostics.gradientImages)."},
        {id: "chart-gradient-variance-kl", title: "KL term alone", unit: "variance", log: "on", series: gradients("kl"),
          note: "The analytic KL has no variance at all: zero, which a log scale cannot show.",
          empty: "The gradients have not been examined yet (diagnostics.gradientImages)."},
      ],
    },
    {
      id: "bits", nav: "Bits/dim", title: "Bits per dimension, term by term", when: runs => runs.some(hasBits), waterfall: true,
      text: "\u2212log p splits into terms, one for each transformation's log-determinant and one for the base density. Some cost bits,"
        + " others give them back.",
      charts: [
        {id: "chart-bits", title: "Terms over epochs", unit: "[bits/dim]", series: bits, bands: bitsBands, tall: true,
          behind: levels([0, "--quiet", false]),
          note: "Costs are piled up from zero, gains down from zero; the heavy line is their sum, the bits/dim. Several runs: lines.",
          empty: NO_EPOCH},
      ],
    },
    {
      id: "blocks", nav: "Blocks", title: "Blocks", when: runs => runs.some(page.hasExactDensity),
      text: "A coupling scales by exp(a), a = G(x2), bounded (an additive one does not scale). Log-scales that grow until they sit at their bound pass no gradient on:"
        + " then the bound, or the learning rate, is at fault.",
      charts: [
        {id: "chart-log-scales", title: "Log-scale G of each block", unit: "[nats]", log: "off", wide: true, tall: true,
          series: runs => blocks(runs, [{column: "g_rms", label: "rms"}, {column: "g_max_abs", label: "max", dash: [2, 3], hidden: runs.length > 1}]),
          note: "Solid: root mean square over examples and dimensions. Dotted: greatest |a|.",
          empty: NO_BLOCK},
        {id: "chart-saturation", title: "Share at the bound", unit: "[fraction]", log: "off",
          series: runs => blocks(runs, [{column: "g_saturated", label: ""}]),
          range: (u, low, high) => [0, Math.max(0.01, (high || 0) * 1.1)],
          note: "Log-scales beyond 99% of their bound, where less than 2% of the gradient passes.",
          empty: NO_BLOCK},
        {id: "chart-conditioning", title: "Log-scale s of the conditioning half", unit: "[nats]", log: "off",
          series: runs => blocks(runs, [{column: "s_rms", label: "rms"}, {column: "s_max_abs", label: "max", dash: [2, 3], hidden: runs.length > 1}]),
          note: "The learned vector s that scales the half which the networks see.",
          empty: NO_BLOCK},
      ],
    },
    {
      id: "optimizer", nav: "Optimiser", title: "Optimiser", when: () => true,
      text: "The gradient's 2-norm before clipping, in total and by block, and the learning rate. A norm that jumps by orders of"
        + " magnitude announces a divergence.",
      charts: [
        {id: "chart-gradient-norms", title: "Gradient norm", unit: "2-norm, before clipping", log: "on", series: gradientNorms,
          note: "The squares of the blocks (dashed) add up to that of the whole.", empty: NO_STEP},
        {id: "chart-learning-rate", title: "Learning rate", log: "off", series: optimizer("learning_rate"),
          note: "After warm-up, schedule and returns from divergences.", empty: NO_STEP},
        {id: "chart-kl-weight", title: "Weight of the KL", series: optimizer("kl_weight"),
          when: runs => runs.some(run => run.tables.steps && run.tables.steps.columns.kl_weight),
          note: "Beta, with its warm-up.", empty: NO_STEP},
      ],
    },
  ];
})(window.likelihood4j);
