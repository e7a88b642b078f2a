// A chart of lines over epochs: uPlot draws; this adds the legend that is also the readout, log scale, keys, and what is said.
//
// A specification is {id, title, unit, note, empty, log, series(runs), marks}; one of its series is
// {label, run, table, column, colour, dash, faint, points, hidden, band: [low, high], values}.
"use strict";
(function (page) {
  const {element, number} = page;
  const {STEPS, WIDE_STEPS, column, nearest, few, linearRange, logRange, logTicks, bands, axis, axisSize, swatch} = page.drawing;
  const {fade} = page;

  page.Chart = class {
    constructor(spec) {
      this.spec = spec;
      this.log = spec.log === "on";
      this.shown = new Map();
      this.plot = null;
      this.signature = "";
      this.legend = element("div", {class: "legend"});
      this.where = element("span", {class: "where"}, "last");
      this.box = element("div", {
        class: "plot", tabindex: 0, role: "group", "aria-roledescription": "chart", keydown: event => this.key(event)});
      this.missing = element("p", {class: "missing"});
      this.logButton = spec.log
        ? element("button", {type: "button", class: "small", "aria-pressed": this.log, click: () => this.toggleLog()}, "log")
        : null;
      this.figure = element("figure", {id: spec.id, class: spec.wide ? "wide" : ""},
        element("figcaption", {},
          element("h3", {}, spec.title, spec.unit ? element("span", {class: "unit"}, " " + spec.unit) : null),
          element("span", {class: "tools"}, this.where, this.logButton)),
        spec.note ? element("p", {class: "note"}, spec.note) : null,
        this.missing, this.box, this.legend);
    }

    /** Draws what the runs say now. */
    update(runs) {
      const series = this.spec.series(runs).filter(s => s.values || column(s));
      const some = series.some(s => (s.values || column(s)).some(Number.isFinite));
      this.missing.hidden = some;
      this.box.hidden = this.legend.hidden = this.where.hidden = !some;
      if (this.logButton) {
        this.logButton.hidden = !some;
      }
      if (!some) {
        this.missing.textContent = this.spec.empty;
        this.drop();
        return;
      }
      this.series = this.arrange(series);
      const signature = JSON.stringify([this.log, this.series.map(s => [s.label, s.colour, s.dash, !!s.aux])]);
      if (this.plot && signature === this.signature) {
        this.plot.setData(this.data, true);
      } else {
        this.signature = signature;
        this.build();
      }
      this.readout();
      this.box.setAttribute("aria-label", this.spoken());
    }

    drop() {
      if (this.plot) {
        this.plot.destroy();
        this.plot = null;
        delete page.charts[this.spec.id];
      }
      this.signature = "";
    }

    /** The series in the order of the data, with the limits of bands among them; the data are one table for all. */
    arrange(series) {
      const all = [];
      for (const s of series) {
        all.push(s);
        for (const limit of s.band || []) {
          all.push({aux: true, of: s, run: s.run, table: s.table, column: limit, colour: s.colour, label: s.label + " " + limit});
        }
      }
      const tables = new Map();
      for (const s of all) {
        const x = s.run.tables[s.table].x;
        if (!tables.has(x)) {
          tables.set(x, []);
        }
        tables.get(x).push(s);
      }
      const joined = of => {
        const parts = [...tables].map(([x, members]) => [x, ...members.map(of)]);
        return parts.length === 1 ? parts[0] : uPlot.join(parts);
      };
      // What is read beside the chart, and what is drawn: the same but for what is piled up, or has no place on a log scale.
      this.told = joined(s => s.values || column(s));
      this.data = this.log || series.some(s => s.drawn) ? joined(s => this.drawable(s.drawn || s.values || column(s))) : this.told;
      return [...tables.values()].flat();
    }

    /** Where a log scale has no place, there is a gap. */
    drawable(values) {
      return this.log ? values.map(v => v > 0 ? v : null) : values;
    }

    build() {
      if (this.plot) {
        this.plot.destroy();
      }
      const hover = (u, i, at) => nearest(u.data[i], at);
      const options = {
        width: this.width(), height: this.height(), legend: {show: false},
        focus: {alpha: 1},
        cursor: {
          dataIdx: hover, sync: {key: "epochs", scales: ["x", null]},
          drag: {x: true, y: false, setScale: false, dist: 6},
          points: {size: 7},
          bind: {dblclick: () => () => { page.setView(null); return null; }},
        },
        select: {show: true, left: 0, top: 0, width: 0, height: 0},
        scales: {
          x: {time: false, range: () => page.range()},
          y: this.log ? {distr: 3, range: (u, a, b) => logRange(a, b)} : {range: this.spec.range || linearRange},
        },
        axes: [axis({label: null, size: 34, incrs: STEPS, values: (u, ticks) => ticks.map(page.tick)}),
          axis(Object.assign({size: axisSize, incrs: WIDE_STEPS, values: (u, ticks) => ticks.map(t => t === null ? "" : page.tick(t))},
            this.log ? {splits: (u, i, low, high) => logTicks(low, high, u.height), filter: (u, ticks) => ticks}
              : this.spec.counts ? {incrs: STEPS.filter(step => step >= 1)} : {}))],
        series: [{}, ...this.series.map(s => this.style(s))],
        bands: this.spec.bands ? this.spec.bands(this.series) : bands(this.series),
        hooks: {
          setCursor: [() => this.readout()],
          setSelect: [u => this.select(u)],
          draw: [u => this.marks(u)],
          drawClear: [u => this.spec.behind && this.spec.behind(u, this.series)],
        },
      };
      this.plot = new uPlot(options, this.data, this.box);
      page.charts[this.spec.id] = this.plot;
      this.buildLegend();
    }

    style(s) {
      const shown = this.shows(s.aux ? s.of : s);
      if (s.aux) {
        return {show: shown, width: 0, stroke: "transparent", points: {show: false}};
      }
      return {
        show: shown, label: s.label, width: s.width || (s.faint ? 1 : 2), dash: s.dash,
        stroke: () => s.faint ? fade(page.colour(s.colour), 0.55) : s.stroke ? s.stroke() : page.colour(s.colour),
        paths: s.points ? () => null : undefined,
        points: {
          show: s.area ? false : s.points ? true : (u, i) => few(u.data[i]), size: s.points ? 4 : 6,
          fill: () => s.faint ? fade(page.colour(s.colour), 0.55) : s.stroke ? s.stroke() : page.colour(s.colour)},
      };
    }

    shows(s) {
      return this.shown.has(s.label) ? this.shown.get(s.label) : !s.hidden;
    }

    buildLegend() {
      this.values = new Map();
      const items = this.spec.series(this.spec.runs()).filter(s => !s.aux && (s.values || column(s))).map(s => {
        const value = element("span", {class: "value"});
        this.values.set(s.label, value);
        const item = element("button", {
          type: "button", "aria-pressed": this.shows(s), title: "Show or hide " + s.label,
          click: () => {
            this.shown.set(s.label, !this.shows(s));
            item.setAttribute("aria-pressed", this.shows(s));
            this.series.forEach((other, i) => {
              if ((other.aux ? other.of : other).label === s.label) {
                this.plot.setSeries(i + 1, {show: this.shows(s)});
              }
            });
          }}, swatch(s), element("span", {class: "label"}, s.label), value);
        return item;
      });
      this.legend.replaceChildren(...items);
    }

    /** Values under the cursor, else the last ones. */
    readout() {
      if (!this.plot || !this.values) {
        return;
      }
      const at = this.plot.cursor.left >= 0 ? this.plot.cursor.idx : null;
      const x = this.plot.data[0];
      this.where.textContent = at === null || at === undefined ? "last" : "epoch " + page.epoch(x[at]);
      this.series.forEach((s, i) => {
        if (!s.aux && this.values.has(s.label)) {
          this.values.get(s.label).textContent = this.valueAt(s, i + 1, at);
        }
      });
    }

    valueAt(s, index, at) {
      const values = this.told[index];
      const i = nearest(values, at === null || at === undefined ? values.length - 1 : at);
      let text = number(i === null ? null : values[i]);
      if (s.band && i !== null) {
        text += " \u00b1 " + number(Math.abs(values[i] - this.told[index + 1][i]), 3);
      }
      return text;
    }

    /** The chart in words. */
    spoken() {
      const parts = this.series.filter(s => !s.aux).slice(0, 8).map(s => {
        const all = (s.values || column(s)).filter(Number.isFinite);
        if (!all.length) {
          return s.label + ": no values";
        }
        const low = all.reduce((a, b) => Math.min(a, b));
        const high = all.reduce((a, b) => Math.max(a, b));
        return s.label + ": first " + number(all[0]) + ", last " + number(all[all.length - 1]) + ", least " + number(low)
          + ", greatest " + number(high);
      });
      return this.spec.title + (this.spec.unit ? ", " + this.spec.unit : "") + ". " + parts.join("; ")
        + ". Arrow keys read values, plus and minus zoom, Escape shows all.";
    }

    select(u) {
      if (u.select.width > 4) {
        const view = [u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x")];
        u.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
        page.setView(view);
      }
    }

    key(event) {
      const u = this.plot;
      if (!u || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      const x = u.data[0];
      const last = x.length - 1;
      const at = u.cursor.left >= 0 && u.cursor.idx !== null ? u.cursor.idx : null;
      const move = i => {
        const [from, to] = page.range();
        let k = Math.max(0, Math.min(last, i));
        while (k < last && x[k] < from) { k++; }
        while (k > 0 && x[k] > to) { k--; }
        u.setCursor({left: u.valToPos(x[k], "x"), top: u.bbox.height / devicePixelRatio / 2});
        page.say("epoch " + page.epoch(x[k]) + ": " + this.series.map((s, n) => s.aux || !this.shows(s) ? null
          : s.label + " " + this.valueAt(s, n + 1, k)).filter(Boolean).join(", "));
      };
      const step = event.shiftKey ? 10 : 1;
      const keys = {
        ArrowLeft: () => move(at === null ? last : at - step), ArrowRight: () => move(at === null ? 0 : at + step),
        Home: () => move(0), End: () => move(last),
        "+": () => page.zoomBy(0.5, at === null ? undefined : x[at]), "=": () => page.zoomBy(0.5, at === null ? undefined : x[at]),
        "-": () => page.zoomBy(2, at === null ? undefined : x[at]),
        Escape: () => page.setView(null), "0": () => page.setView(null), l: () => this.logButton && this.toggleLog(),
      };
      if (keys[event.key]) {
        event.preventDefault();
        keys[event.key]();
      }
    }

    toggleLog() {
      this.log = !this.log;
      this.logButton.setAttribute("aria-pressed", this.log);
      this.update(this.spec.runs());
    }

    /** Where something happened: a thin line with its sign on top. */
    marks(u) {
      const context = u.ctx;
      for (const run of this.spec.runs()) {
        for (const mark of run.marks) {
          if (mark.x === null || mark.x < u.scales.x.min || mark.x > u.scales.x.max) {
            continue;
          }
          const at = Math.round(u.valToPos(mark.x, "x", true));
          context.save();
          context.strokeStyle = context.fillStyle = page.style(mark.kind === "resume" ? "--quiet" : "--bad");
          context.lineWidth = devicePixelRatio;
          context.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
          context.beginPath();
          context.moveTo(at, u.bbox.top);
          context.lineTo(at, u.bbox.top + u.bbox.height);
          context.stroke();
          context.restore();
        }
      }
    }

    width() {
      return Math.max(200, this.box.clientWidth || this.figure.clientWidth || 600);
    }

    height() {
      return this.spec.short ? 150 : window.innerWidth < 600 ? 210 : this.spec.tall ? 300 : 240;
    }

    resize() {
      if (this.plot && (this.plot.width !== this.width() || this.plot.height !== this.height())) {
        this.plot.setSize({width: this.width(), height: this.height()});
      }
    }

    viewChanged() {
      if (this.plot) {
        const [min, max] = page.range();
        this.plot.setScale("x", {min, max});
      }
    }

    themeChanged() {
      if (this.plot) {
        this.plot.redraw(false, true);
        this.buildLegend();
        this.readout();
      }
    }
  };
})(window.likelihood4j);
