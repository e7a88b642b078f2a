// The KL of each latent dimension over the epochs, as a heat map on a canvas of its own.
"use strict";
(function (page) {
  const {element, number} = page;
  const BAR = 74;
  const BOTTOM = 26;
  const TOP = 6;

  page.Heat = class {
    constructor() {
      this.order = "index";
      this.cell = null;
      this.canvas = element("canvas", {id: "heat-kl", tabindex: 0, role: "img", keydown: e => this.key(e),
        pointermove: e => this.hover(e), pointerdown: e => this.hover(e), pointerleave: () => this.mark(null)});
      this.readout = element("span", {class: "where"}, "");
      this.runs = element("select", {"aria-label": "Run of the heat map", change: () => this.draw()});
      this.sort = element("button", {type: "button", class: "small", "aria-pressed": false, click: () => this.toggleOrder()}, "sort by last KL");
      this.missing = element("p", {class: "missing"}, "The latents have not been examined yet, or the prior gives no KL for each dimension.");
      this.figure = element("figure", {class: "wide"},
        element("figcaption", {}, element("h3", {}, "KL of each latent dimension", element("span", {class: "unit"}, " [nats]")),
          element("span", {class: "tools"}, this.readout, this.runs, this.sort)),
        element("p", {class: "note"}, "A row is a dimension, a column an epoch; \u25cf active, \u25cb not. Hover, or use the arrow keys, for a value."),
        this.missing, element("div", {class: "canvas"}, this.canvas));
      page.onView(() => this.draw());
    }

    update(runs) {
      const with_ = runs.filter(run => run.latents);
      const chosen = this.runs.value;
      const names = with_.map(run => run.name);
      if (JSON.stringify(names) !== this.names) {
        this.names = JSON.stringify(names);
        this.runs.replaceChildren(...names.map(name => element("option", {}, name)));
        if (names.includes(chosen)) {
          this.runs.value = chosen;
        }
      }
      this.all = with_;
      this.runs.hidden = names.length < 2;
      const some = names.length > 0;
      this.missing.hidden = some;
      this.canvas.parentElement.hidden = this.sort.hidden = !some;
      this.draw();
    }

    get map() {
      const run = this.all && (this.all[this.runs.selectedIndex] || this.all[0]);
      return run && run.latents;
    }

    /** The dimensions from top to bottom. */
    rows() {
      const {kl} = this.map;
      const last = kl[kl.length - 1];
      const order = last.map((_, j) => j);
      return this.order === "index" ? order : order.sort((a, b) => (last[b] || 0) - (last[a] || 0));
    }

    toggleOrder() {
      this.order = this.order === "index" ? "kl" : "index";
      this.sort.setAttribute("aria-pressed", this.order === "kl");
      this.draw();
    }

    draw() {
      const map = this.map;
      if (!map || !this.canvas.parentElement.clientWidth) {
        return;
      }
      const width = this.canvas.parentElement.clientWidth;
      const latent = map.kl[0].length;
      const rowHeight = Math.max(2, Math.min(22, Math.floor(560 / latent)));
      const height = TOP + latent * rowHeight + BOTTOM;
      const scale = devicePixelRatio || 1;
      this.canvas.width = Math.round(width * scale);
      this.canvas.height = Math.round(Math.max(height, 110) * scale);
      this.canvas.style.width = width + "px";
      this.canvas.style.height = Math.max(height, 110) + "px";
      const left = 52;
      this.box = {left, top: TOP, width: width - left - BAR, height: latent * rowHeight, rowHeight};
      const c = this.canvas.getContext("2d");
      c.setTransform(scale, 0, 0, scale, 0, 0);
      c.clearRect(0, 0, width, Math.max(height, 110));
      c.font = "12px system-ui, sans-serif";
      this.order_ = this.rows();
      this.high = Math.max(1e-9, ...map.kl.map(column => column.reduce((most, v) => Math.max(most, v || 0), 0)));
      this.cells(c, map);
      this.labels(c, map);
      this.bar(c);
      this.outline(c);
      this.describe(map);
    }

    /** Where a column begins and ends, in epochs: halfway to its neighbours. */
    edges(x, i) {
      const before = i > 0 ? x[i - 1] : x[i] - (x.length > 1 ? x[1] - x[0] : 1);
      const after = i < x.length - 1 ? x[i + 1] : x[i] + (x.length > 1 ? x[i] - x[i - 1] : 1);
      return [(before + x[i]) / 2, (x[i] + after) / 2];
    }

    position(epoch) {
      const [from, to] = this.shown();
      return this.box.left + (epoch - from) / (to - from) * this.box.width;
    }

    /** The charts' epochs, with room for the first and the last column. */
    shown() {
      const {x} = this.map;
      return page.view || [this.edges(x, 0)[0], Math.max(page.fullRange()[1], this.edges(x, x.length - 1)[1])];
    }

    cells(c, map) {
      const {left, top, width, height, rowHeight} = this.box;
      c.save();
      c.beginPath();
      c.rect(left, top, width, height);
      c.clip();
      map.x.forEach((_, i) => {
        const [from, to] = this.edges(map.x, i).map(epoch => this.position(epoch));
        if (to < left || from > left + width) {
          return;
        }
        this.order_.forEach((j, row) => {
          const value = map.kl[i][j];
          c.fillStyle = value === null ? page.style("--grid") : page.viridis(value / this.high);
          c.fillRect(Math.floor(from), top + row * rowHeight, Math.ceil(to) - Math.floor(from), rowHeight - (rowHeight > 8 ? 1 : 0));
        });
      });
      c.restore();
    }

    labels(c, map) {
      const {left, top, width, height, rowHeight} = this.box;
      const every = Math.ceil(12 / rowHeight);
      c.textBaseline = "middle";
      c.textAlign = "right";
      c.fillStyle = page.style("--quiet");
      this.order_.forEach((j, row) => {
        if (row % every === 0) {
          c.fillText("z" + j + (rowHeight >= 10 ? map.active[j] ? " \u25cf" : " \u25cb" : ""), left - 5, top + (row + 0.5) * rowHeight);
        } else if (rowHeight < 10 && map.active[j]) {
          c.fillRect(left - 4, top + row * rowHeight, 2, rowHeight);
        }
      });
      c.textAlign = "center";
      const [from, to] = this.shown();
      const step = niceStep((to - from) / Math.max(2, Math.floor(width / 70)));
      for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) {
        if (tick >= 0) {
          c.fillText(page.epoch(+tick.toPrecision(10)), this.position(tick), top + height + 14);
        }
      }
    }

    /** The scale of colours, in nats. */
    bar(c) {
      const {left, top, width, height} = this.box;
      const x = left + width + 16;
      const tall = Math.max(80, Math.min(height, 260));
      for (let i = 0; i < tall; i++) {
        c.fillStyle = page.viridis(1 - i / (tall - 1));
        c.fillRect(x, top + i, 12, 1.5);
      }
      c.fillStyle = page.style("--quiet");
      c.textAlign = "left";
      [0, 0.5, 1].forEach(share => c.fillText(number(this.high * share, 3), x + 17, top + 6 + (tall - 12) * (1 - share)));
    }

    outline(c) {
      if (!this.cell) {
        return;
      }
      const {map} = this;
      const row = this.order_.indexOf(this.cell.dimension);
      if (row < 0 || this.cell.column >= map.x.length) {
        return;
      }
      const [from, to] = this.edges(map.x, this.cell.column).map(epoch => this.position(epoch));
      c.strokeStyle = "#ffffff";
      c.lineWidth = 3;
      c.strokeRect(from, this.box.top + row * this.box.rowHeight, to - from, this.box.rowHeight);
      c.strokeStyle = "#000000";
      c.lineWidth = 1;
      c.strokeRect(from, this.box.top + row * this.box.rowHeight, to - from, this.box.rowHeight);
    }

    hover(event) {
      const area = this.canvas.getBoundingClientRect();
      const [from, to] = this.shown();
      const epoch = from + (event.clientX - area.left - this.box.left) / this.box.width * (to - from);
      const row = Math.floor((event.clientY - area.top - this.box.top) / this.box.rowHeight);
      const {x} = this.map;
      let column = x.findIndex((_, i) => epoch <= this.edges(x, i)[1]);
      column = column < 0 ? x.length - 1 : column;
      this.mark(row >= 0 && row < this.order_.length && epoch >= from && epoch <= to ? {column, dimension: this.order_[row]} : null);
    }

    key(event) {
      const moves = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
      if (event.key === "Escape") {
        this.mark(null);
        page.setView(null);
      }
      if (!moves[event.key] || !this.map) {
        return;
      }
      event.preventDefault();
      const [dx, dy] = moves[event.key];
      const now = this.cell || {column: this.map.x.length - 1, dimension: this.order_[0]};
      const row = this.cell ? this.order_.indexOf(now.dimension) + dy : 0;
      this.mark({
        column: Math.max(0, Math.min(this.map.x.length - 1, now.column + (this.cell ? dx : 0))),
        dimension: this.order_[Math.max(0, Math.min(this.order_.length - 1, row))]});
      page.say(this.readout.textContent);
    }

    mark(cell) {
      this.cell = cell;
      const map = this.map;
      this.readout.textContent = cell ? "z" + cell.dimension + ", epoch " + page.epoch(map.x[cell.column]) + ": "
        + number(map.kl[cell.column][cell.dimension], 4) + " nats" + (map.active[cell.dimension] ? ", active" : ", not active") : "";
      this.draw();
    }

    describe(map) {
      const last = map.kl[map.kl.length - 1];
      const active = map.active.filter(Boolean).length;
      const top = last.map((v, j) => [v || 0, j]).sort((a, b) => b[0] - a[0]).slice(0, 3).map(([v, j]) => "z" + j + " " + number(v, 3));
      this.canvas.setAttribute("aria-label", "Heat map of the KL of " + last.length + " latent dimensions over epochs " + page.epoch(map.x[0])
        + " to " + page.epoch(map.x[map.x.length - 1]) + ". " + active + " are active. Greatest at the end: " + top.join(", ")
        + " nats. Arrow keys read values.");
    }
  };

  function niceStep(least) {
    const power = Math.pow(10, Math.floor(Math.log10(least)));
    return Math.max(1, [1, 2, 5, 10].map(m => m * power).find(step => step >= least) || 10 * power);
  }
})(window.likelihood4j);
