// Puts the page together and keeps it up to date.
"use strict";
(function (page) {
  const {element} = page;
  const charts = [];
  const pictures = [];
  let heat = null;
  let runs = [];

  /** The colours: as the system says, or as the reader chose. */
  function themeButton() {
    const dark = () => (document.documentElement.dataset.theme
      || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const button = element("button", {type: "button", click: () => {
      document.documentElement.dataset.theme = dark() ? "light" : "dark";
      changed();
    }});
    const changed = () => {
      button.textContent = dark() ? "Light" : "Dark";
      button.setAttribute("aria-label", "Switch to " + (dark() ? "light" : "dark") + " colours");
      page.forgetStyles();
      charts.forEach(chart => chart.themeChanged());
      if (heat) {
        heat.draw();
      }
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
    changed();
    return button;
  }

  const block = id => element("div", {id});

  function build(main) {
    main.append(
      element("header", {}, element("div", {class: "title"}, element("h1", {id: "title"}), element("p", {id: "subtitle"})), block("headline")),
      block("facts"), block("events"),
      element("div", {class: "bar"}, element("nav", {id: "contents", "aria-label": "Sections"}), page.zoomControls(), themeButton()));
    for (const spec of page.SECTIONS) {
      const section = element("section", {id: spec.id, "data-nav": spec.nav}, element("h2", {}, spec.title), element("p", {class: "how"}, spec.text));
      const grid = element("div", {class: "grid"});
      if (spec.heat) {
        heat = page.heat = new page.Heat();
        grid.append(heat.figure);
      }
      for (const chartSpec of spec.charts) {
        const chart = new page.Chart(Object.assign({runs: () => runs}, chartSpec));
        charts.push(chart);
        grid.append(chart.figure);
      }
      if (spec.waterfall) {
        grid.append(element("div", {id: "waterfall"}));
      }
      section.append(grid);
      main.append(section);
    }
    main.append(element("section", {id: "gap", "data-nav": "Gap"}, element("h2", {}, "Where the ELBO loses"),
      element("p", {class: "how"}, "What ./run.sh gap has found: log p(x) \u2212 ELBO = KL(q || p(z|x)), split by the best Gaussian posterior of each example."),
      element("div", {class: "tables"})));
    const found = (id, nav, title, text) => main.append(element("section", {id, "data-nav": nav}, element("h2", {}, title),
      element("p", {class: "how"}, text), element("div", {class: "tables"})));
    found("latent-space", "Latent space", "Where latents lie", "What ./run.sh latents has found.");
    found("layers", "Layers", "The flow, layer by layer", "What ./run.sh layers has found.");
    main.append(element("section", {id: "images"}, element("h2", {}, "Pictures"),
      element("p", {class: "how"}, "The slider goes through the epochs after which the training made pictures."),
      element("div", {class: "grid"}, page.PICTURES.map(kind => {
        pictures.push(new page.Pictures(kind));
        return pictures[pictures.length - 1].section;
      }))));
    const section = (id, title, text) => main.append(element("section", {id}, element("h2", {}, title), element("p", {class: "how"}, text),
      element("div", {class: "tables"})));
    section("results", "Results", "What ./run.sh evaluate has found, with standard errors over images and the spread over repeated draws.");
    section("config", "Config", "Every key with the value that the run was trained with.");
    section("provenance", "Provenance", "What it was trained on and with: versions, machine, seed, checksums of the data.");
    main.append(element("footer", {}, "Likelihood4J. Charts: uPlot by Leon Sorokin, MIT licence. Drag to zoom, double-click to show all; on a"
      + " focused chart arrow keys read values, + and \u2212 zoom, L switches the log scale, Escape shows all."),
      element("p", {id: "spoken", class: "unseen", role: "status", "aria-live": "polite"}));
  }

  /** Only where something has changed: what is not touched keeps its scroll position and its selection. */
  const shown = new Map();
  function fill(id, key, make) {
    const text = JSON.stringify(key);
    if (shown.get(id) !== text) {
      shown.set(id, text);
      const node = document.querySelector(id);
      node.replaceChildren(...[make()].flat().filter(Boolean));
    }
  }

  function texts() {
    const one = runs.length === 1 ? runs[0] : null;
    const title = one ? one.name : runs.length + " runs";
    document.title = title + " \u2013 Likelihood4J";
    fill("#title", title, () => title);
    fill("#subtitle", runs.map(run => [run.model, run.data]), () => one ? page.modelName(one) + " on " + (one.data || "unknown data")
      : [...new Set(runs.map(page.modelName))].join(", ") + " on " + [...new Set(runs.map(run => run.data))].join("; "));
    const overview = runs.map(run => [run.name, run.model, run.progress, run.headline, run.plannedEpochs]);
    fill("#headline", overview, () => one ? page.headline(one) : null);
    fill("#facts", overview, () => one ? page.facts(one) : [page.overview(runs), page.differences(runs)]);
    fill("#events", runs.map(run => [run.marks, run.warnings, run.notes]), () => page.events(runs));
    fill("#waterfall", one ? one.tables[page.bitsTable(one)] : null, () => one ? page.waterfall(one) : null);
    fill("#gap .tables", one ? [one.gap, one.pictures.gap] : null, () => page.gap(one));
    fill("#latent-space .tables", one ? one.space : null, () => page.latentSpace(one));
    fill("#layers .tables", one ? one.layers : null, () => page.layers(one));
    fill("#results .tables", runs.map(run => run.evaluations), () => page.evaluations(runs));
    fill("#config .tables", runs.map(run => run.config), () => page.properties(runs, "All keys", "config"));
    fill("#provenance .tables", runs.map(run => run.provenance), () => page.properties(runs, "Provenance", "provenance"));
  }

  function contents() {
    const sections = [...document.querySelectorAll("main > section")].filter(section => !section.hidden);
    fill("#contents", sections.map(section => section.id), () => sections.map(section =>
      element("a", {href: "#" + section.id}, section.dataset.nav || section.querySelector("h2").textContent)));
  }

  /** What a run names is looked for in its own objects only, not in what every object has, such as "constructor". */
  function own(value) {
    if (Array.isArray(value)) {
      value.forEach(own);
    } else if (value !== null && typeof value === "object") {
      Object.values(Object.setPrototypeOf(value, null)).forEach(own);
    }
    return value;
  }

  /** Shows new data; zoom, sliders, what is hidden and what is open stay. */
  page.update = function (data) {
    page.data = own(data);
    runs = data.runs;
    page.measure(runs);
    for (const spec of page.SECTIONS) {
      document.getElementById(spec.id).hidden = !spec.when(runs);
    }
    charts.forEach(chart => {
      const hidden = chart.spec.when && !chart.spec.when(runs);
      chart.figure.hidden = hidden;
      if (!hidden && !chart.figure.closest("section").hidden) {
        chart.update(runs);
      }
    });
    if (!document.getElementById("latents").hidden) {
      heat.update(runs);
    }
    pictures.forEach(p => p.update(runs));
    document.getElementById("gap").hidden = runs.length !== 1 || !page.hasGap(runs[0]);
    document.getElementById("latent-space").hidden = runs.length !== 1 || !runs[0].space;
    document.getElementById("layers").hidden = runs.length !== 1 || !runs[0].layers;
    document.getElementById("images").hidden = pictures.every(p => p.section.hidden);
    texts();
    contents();
    page.showView();
    page.onScreen();
  };

  page.onScreen = () => {
    const bar = document.querySelector(".bar");
    document.documentElement.style.setProperty("--bar", bar.offsetHeight + "px");
  };

  const data = JSON.parse(document.getElementById("report-data").textContent);
  build(document.getElementById("report"));
  page.onView(() => charts.forEach(chart => chart.viewChanged()));
  page.update(data);
  new ResizeObserver(() => {
    charts.forEach(chart => chart.resize());
    if (heat) {
      heat.draw();
    }
    page.onScreen();
  }).observe(document.getElementById("report"));
  page.ready = true;
})(window.likelihood4j);
