// What ./run.sh gap has found: where the ELBO loses against log p(x).
"use strict";
(function (page) {
  const {element, number} = page;
  const BINS = 24;

  const quantity = (gap, name) => gap.quantities.find(q => q.name === name);
  const mean = (gap, name) => (quantity(gap, name) || {mean: null}).mean;

  /** Bars one below the other, each from where it begins to where it ends. */
  function bars(id, title, note, rows) {
    const edges = rows.flatMap(row => [row.from, row.to]);
    const low = Math.min(0, ...edges);
    const width = Math.max(1e-9, Math.max(0, ...edges) - low);
    return element("figure", {id},
      element("figcaption", {}, element("h3", {}, title, element("span", {class: "unit"}, " [nats]"))),
      element("p", {class: "note"}, note),
      element("ul", {class: "waterfall"}, rows.map(row => {
        const fill = element("span", {class: "fill " + row.style});
        fill.style.left = (Math.min(row.from, row.to) - low) / width * 100 + "%";
        fill.style.width = Math.max(0.3, Math.abs(row.to - row.from) / width * 100) + "%";
        return element("li", {}, element("span", {class: "name"}, row.name), element("span", {class: "track"}, fill),
          element("span", {class: "value"}, number(row.to - row.from, 4)));
      })));
  }

  /** The gap's two parts, where it has two. */
  function parts(gap, from) {
    const approximation = mean(gap, "approximation_gap");
    const amortisation = mean(gap, "amortisation_gap");
    return approximation === null || amortisation === null
      ? [{name: "KL(q || p(z|x))", from, to: from + mean(gap, "gap"), style: "chip-1"}]
      : [{name: "approximation", from, to: from + approximation, style: "chip-1"},
        {name: "amortisation", from: from + approximation, to: from + approximation + amortisation, style: "chip-2"}];
  }

  function decomposition(gap) {
    const evidence = mean(gap, "log_evidence");
    const elbo = mean(gap, "elbo");
    if (evidence === null || elbo === null) {
      return [];
    }
    return [
      bars("gap-elbo", "How \u2212ELBO adds up", "Each bar begins where the one above ends; the last is the sum.",
        [{name: "\u2212log p(x)", from: 0, to: -evidence, style: "chip-0"}, ...parts(gap, -evidence),
          {name: "\u2212ELBO", from: 0, to: -elbo, style: "total"}]),
      bars("gap-parts", "The gap alone", "Approximation: no Gaussian is the posterior. Amortisation: the encoder does not find the best one.",
        [...parts(gap, 0), {name: "KL(q || p(z|x))", from: 0, to: evidence - elbo, style: "total"}])];
  }

  /** How many examples have which KL(q || p(z|x)). */
  function histogram(gap) {
    const gaps = gap.examples.filter(e => e.logEvidence !== null && e.elbo !== null).map(e => e.logEvidence - e.elbo);
    if (gaps.length < 2) {
      return null;
    }
    const low = Math.min(0, ...gaps);
    const width = Math.max(1e-9, Math.max(...gaps) - low) / BINS;
    const counts = new Array(BINS).fill(0);
    gaps.forEach(g => { counts[Math.min(BINS - 1, Math.floor((g - low) / width))]++; });
    const most = Math.max(...counts);
    return element("figure", {id: "gap-histogram"},
      element("figcaption", {}, element("h3", {}, "KL(q || p(z|x)) by example", element("span", {class: "unit"}, " [nats]"))),
      element("div", {class: "histogram", role: "img", "aria-label": gaps.length + " examples from " + number(low, 3) + " to "
        + number(low + BINS * width, 3) + " nats"}, counts.map((count, i) => {
        const bar = element("span", {title: count + " from " + number(low + i * width, 3) + " to " + number(low + (i + 1) * width, 3)});
        bar.style.height = count / most * 100 + "%";
        return bar;
      })),
      element("p", {class: "ends"}, element("span", {}, number(low, 3)), element("span", {}, number(low + BINS * width, 3))));
  }

  function largest(run, gap) {
    const picture = (run.pictures.gap || [])[0];
    const rows = gap.examples.filter(e => e.logEvidence !== null && e.elbo !== null)
      .sort((a, b) => b.logEvidence - b.elbo - (a.logEvidence - a.elbo)).slice(0, 16);
    return [picture && picture.source ? element("figure", {id: "gap-largest"},
      element("figcaption", {}, element("h3", {}, "The largest gaps, from the top left on")),
      element("img", {src: picture.source, alt: "the images with the largest gaps"})) : null,
    page.table("The largest gaps", ["place", "label", "KL(q || p(z|x))", "log p(x)", "ELBO", "ELBO of the best Gaussian", "effective chains"],
      rows.map(e => [String(e.place), String(e.label), number(e.logEvidence - e.elbo, 4), number(e.logEvidence, 5), number(e.elbo, 5), number(e.local, 5),
        number(e.effectiveChains, 3)]))];
  }

  const table = (title, quantities) => page.table(title, ["quantity", "mean \u00b1 standard error", "Monte Carlo error", "what it is"],
    quantities.map(q => [q.name, page.withError(q.mean, q.standardError), number(q.monteCarloError, 2), q.description]));

  page.hasGap = run => Boolean(run.gap);

  page.gap = run => {
    const gap = run && run.gap;
    return !gap ? null : [
      ...decomposition(gap), histogram(gap),
      table(gap.examples.length + " " + gap.split + " examples", gap.quantities),
      gap.simulated.length ? table(gap.settings.simulated + " examples drawn from the model", gap.simulated) : null,
      ...largest(run, gap)];
  };
})(window.likelihood4j);
