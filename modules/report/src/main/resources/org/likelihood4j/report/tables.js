// Tables and the head of the page.
"use strict";
(function (page) {
  const {element, number} = page;

  /** A table that scrolls within itself; cells are texts or elements. */
  page.table = function (caption, head, rows) {
    return element("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": caption},
      element("table", {}, element("caption", {}, caption),
        element("thead", {}, element("tr", {}, head.map(text => element("th", {scope: "col"}, text)))),
        element("tbody", {}, rows.map(row => element("tr", {}, row.map((cell, i) =>
          i === 0 ? element("th", {scope: "row", title: typeof cell === "string" ? cell : cell.textContent}, cell) : element("td", {}, cell)))))));
  };

  const STATUS = {__proto__: null, completed: "completed", early_stopped: "stopped early", worse_than_at_start: "worse than at its start", interrupted: "interrupted", diverged: "diverged"};

  page.status = function (run) {
    const end = run.progress.end;
    if (end !== "") {
      return STATUS[end] || end;
    }
    return document.body.dataset.mode === "live" ? "training" : "not ended: still training, or cut off";
  };

  page.modelName = run => run.model === "vae" ? "Gaussian VAE" : run.model === "realnvp" ? "RealNVP flow" : run.model || "unknown model";

  const count = value => value > 0 ? value.toLocaleString("en-US") : "\u2013";

  page.epochs = run => count(run.progress.epoch) + (run.plannedEpochs ? " of " + count(run.plannedEpochs) : "");

  page.headline = function (run) {
    const head = run.headline;
    if (!head) {
      return element("p", {class: "headline"}, "no validation or evaluation yet");
    }
    return element("div", {class: "headline"},
      element("p", {class: "figure"}, page.withError(head.value, head.error), element("span", {class: "unit"}, " " + head.unit)),
      element("p", {class: "label"}, head.label, head.error ? " \u00b1 standard error" : ""),
      element("p", {class: "note"}, head.source.replace(/^-/, "\u2212")));
  };

  page.facts = run => element("dl", {class: "facts"}, [
    ["Status", element("span", {class: "status status-" + (STATUS[run.progress.end] ? run.progress.end : "other")}, page.status(run))],
    ["Epochs", page.epochs(run)],
    ["Parameters", count(run.progress.parameters)],
    ["Time in epochs", page.duration(run.progress.seconds)],
    ["Last line", run.progress.time.replace("T", " ").replace(/\.\d+Z$/, " UTC") || "\u2013"],
  ].map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));

  page.overview = runs => page.table("The runs", ["run", "model", "status", "epochs", "result", "", "time in epochs"],
    runs.map((run, i) => [
      element("span", {}, element("span", {class: "chip chip-" + i % page.COLOURS, "aria-hidden": "true"}), run.name),
      page.modelName(run), page.status(run), page.epochs(run),
      run.headline ? page.withError(run.headline.value, run.headline.error) + " " + run.headline.unit : "\u2013",
      run.headline ? run.headline.label : "", page.duration(run.progress.seconds)]));

  /** The keys of the configs whose values differ; a run without a key has a dash. */
  page.differences = function (runs) {
    const keys = [...new Set(runs.flatMap(run => Object.keys(run.config)))];
    const differing = keys.filter(key => new Set(runs.map(run => run.config[key])).size > 1);
    if (!differing.length) {
      return element("p", {}, "The configs are the same.");
    }
    return page.table("Keys that differ", ["key", ...runs.map(run => run.name)],
      differing.map(key => [key, ...runs.map(run => run.config[key] === undefined ? "\u2013" : run.config[key])]));
  };

  page.evaluations = function (runs) {
    const some = runs.flatMap(run => run.evaluations.map(evaluation => [run, evaluation]));
    if (!some.length) {
      return [element("p", {class: "missing"}, "There is no evaluation yet: ./run.sh evaluate RUN makes one.")];
    }
    return runs.length > 1 ? page.evaluationsOfSeveral(some) : some.map(([, evaluation]) => page.table(evaluation.images.toLocaleString("en-US") + " " + evaluation.split + " images, checkpoint "
        + evaluation.checkpoint + ", " + evaluation.repeats + " repeats, seed " + evaluation.seed,
      ["quantity", "mean \u00b1 standard error", "spread of repeats", "unit", "what it is"],
      evaluation.quantities.map(q => [q.name,
        q.nonFinite > 0 ? q.nonFinite + " values are not finite" : page.withError(q.mean, q.standardError), number(q.spread, 3), q.unit,
        q.description])));
  };

  /** One table for each split: a row is a run, a column a quantity. */
  page.evaluationsOfSeveral = function (some) {
    const splits = [...new Set(some.map(([, evaluation]) => evaluation.split))];
    return splits.map(split => {
      const rows = some.filter(([, evaluation]) => evaluation.split === split);
      const names = [...new Set(rows.flatMap(([, evaluation]) => evaluation.quantities.map(q => q.name + " [" + q.unit + "]")))];
      return page.table("On " + split + " images: mean \u00b1 standard error", ["run", "images", ...names], rows.map(([run, evaluation]) => [
        run.name, evaluation.images.toLocaleString("en-US"), ...names.map(name => {
          const q = evaluation.quantities.find(quantity => quantity.name + " [" + quantity.unit + "]" === name);
          return !q ? "\u2013" : q.nonFinite > 0 ? q.nonFinite + " values are not finite" : page.withError(q.mean, q.standardError);
        })]));
    });
  };

  page.properties = function (runs, title, property) {
    const keys = [...new Set(runs.flatMap(run => Object.keys(run[property])))];
    return keys.length
      ? page.table(title, [property === "config" ? "key" : "", ...runs.map(run => runs.length > 1 ? run.name : "value")],
        keys.map(key => [key, ...runs.map(run => run[property][key] === undefined ? "\u2013" : run[property][key])]))
      : element("p", {class: "missing"}, "There is nothing to read.");
  };

  /** What went wrong or was left out, of all runs. */
  page.events = function (runs) {
    const lines = runs.flatMap(run => {
      const name = runs.length > 1 ? run.name + ": " : "";
      return [...run.marks.map(m => [m.kind === "resume" ? "info" : "bad",
        name + (m.x === null ? "" : "epoch " + page.epoch(m.x) + ": ") + m.text]),
      ...run.warnings.map(text => ["bad", name + text]), ...run.notes.map(text => ["bad", name + text])];
    });
    return lines.length ? element("ul", {class: "events"}, lines.map(([kind, text]) => element("li", {class: kind}, text))) : null;
  };

  /** The last epoch's terms one after the other, each from where the one before ended. */
  page.waterfall = function (run) {
    const table = run && run.tables[page.bitsTable(run)];
    if (!table || !table.x.length) {
      return null;
    }
    const last = table.x.length - 1;
    const terms = page.bitsTerms(run).map((name, i) => ({name, value: table.columns[name][last] || 0, colour: i + 1}))
      .sort((a, b) => (b.value >= 0) - (a.value >= 0));
    let at = 0;
    for (const term of terms) {
      term.from = at;
      at += term.value;
    }
    const edges = terms.flatMap(t => [t.from, t.from + t.value]);
    const low = Math.min(0, ...edges);
    const width = Math.max(1e-9, Math.max(0, ...edges) - low);
    const bar = (name, from, to, value, style) => {
      const fill = element("span", {class: "fill " + style});
      fill.style.left = (Math.min(from, to) - low) / width * 100 + "%";
      fill.style.width = Math.max(0.3, Math.abs(to - from) / width * 100) + "%";
      return element("li", {}, element("span", {class: "name"}, name), element("span", {class: "track"}, fill),
        element("span", {class: "value"}, (value > 0 && style !== "total" ? "+" : "") + number(value, 4)));
    };
    return element("figure", {id: "waterfall-bits"},
      element("figcaption", {}, element("h3", {}, "How epoch " + page.epoch(table.x[last]) + " adds up", element("span", {class: "unit"}, " [bits/dim]"))),
      element("p", {class: "note"}, "Each bar begins where the one above ends; the last is the sum."),
      element("ul", {class: "waterfall"}, terms.map(t => bar(t.name, t.from, t.from + t.value, t.value, "chip-" + t.colour)),
        bar("bits/dim", 0, table.columns.total[last] || 0, table.columns.total[last], "total")));
  };
})(window.likelihood4j);
