// How charts are drawn: ranges, ticks, bands, the legend's samples of lines.
"use strict";
(function (page) {
  /** Between ticks of epochs: never 2.5, which is none. */
  const STEPS = steps(-3, 6);

  /** Between ticks of values, which a training that goes wrong makes as large as numbers are. */
  const WIDE_STEPS = steps(-16, 300);

  function steps(least, most) {
    const all = [];
    for (let k = least; k <= most; k++) {
      all.push(...[1, 2, 5].map(m => Number(m + "e" + k)));
    }
    return all;
  }

  const column = s => s.run.tables[s.table] && s.run.tables[s.table].columns[s.column];

  /** The place of the value that is nearest to a place; null if there is none. */
  function nearest(values, at) {
    for (let d = 0; d < values.length; d++) {
      if (at - d >= 0 && Number.isFinite(values[at - d])) {
        return at - d;
      }
      if (at + d < values.length && Number.isFinite(values[at + d])) {
        return at + d;
      }
    }
    return null;
  }

  /** So few values that each may have its own point, or a value alone would not be seen. */
  function few(values) {
    let count = 0;
    for (const value of values) {
      if (Number.isFinite(value) && ++count > 30) {
        return false;
      }
    }
    return true;
  }

  function linearRange(u, low, high) {
    if (low === null || low === undefined) {
      return [0, 1];
    }
    const room = (high - low || Math.abs(high) || 1) * 0.06;
    return [low - room, high + room];
  }

  function logRange(low, high) {
    if (low === null || low === undefined) {
      return [0.1, 1];
    }
    const room = Math.max(1.01, Math.pow(high / low, 0.06));
    return [low / room, high * room];
  }

  function bands(series) {
    const found = [];
    series.forEach((s, i) => {
      if (s.band) {
        found.push({series: [i + 3, i + 2], fill: () => fade(page.colour(s.colour), 0.22)});
      }
    });
    return found;
  }

  function axis(more) {
    return Object.assign({
      stroke: () => page.style("--quiet"), font: "12px system-ui, sans-serif", gap: 4,
      grid: {stroke: () => page.style("--grid"), width: 1}, ticks: {show: false}, space: 44,
    }, more);
  }

  /** Powers of ten; of few, also twice and five times those; of less than one, evenly spaced numbers. */
  function logTicks(low, high, height) {
    const decades = Math.log10(high / low);
    if (decades < 0.8) {
      const room = (high - low) / 4;
      const power = Math.pow(10, Math.floor(Math.log10(room)));
      const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= room);
      const ticks = [];
      for (let k = Math.ceil(low / step); k * step <= high; k++) {
        ticks.push(k * step);
      }
      return ticks;
    }
    const stride = Math.max(1, Math.ceil(decades / (height / 45)));
    const ticks = [];
    for (let k = Math.floor(Math.log10(low)); k <= Math.log10(high); k++) {
      if (k % stride === 0) {
        (decades < 2.5 ? [1, 2, 5] : [1]).forEach(m => ticks.push(m * Math.pow(10, k)));
      }
    }
    return ticks.filter(t => t >= low && t <= high);
  }

  /** As wide as the longest tick's text. */
  function axisSize(u, values) {
    const longest = (values || []).reduce((most, text) => Math.max(most, text ? text.length : 0), 3);
    return Math.ceil(longest * 7 + 12);
  }

  const fade = (colour, alpha) => colour + Math.round(alpha * 255).toString(16).padStart(2, "0");

  function swatch(s) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", s.points ? "circle" : s.area ? "rect" : "line");
    const attributes = s.points ? {cx: 13, cy: 6, r: 2.5}
      : s.area ? {x: 2, y: 1, width: 22, height: 10} : {x1: 1, x2: 25, y1: 6, y2: 6, "stroke-width": s.faint ? 1.5 : 2.5};
    for (const [name, value] of Object.entries(attributes)) {
      line.setAttribute(name, value);
    }
    const colour = s.stroke ? s.stroke() : page.colour(s.colour);
    line.style[s.points || s.area ? "fill" : "stroke"] = s.faint ? fade(colour, 0.6) : s.area ? fade(colour, 0.75) : colour;
    if (s.dash && s.dash.length) {
      line.setAttribute("stroke-dasharray", s.dash.join(" "));
    }
    svg.setAttribute("viewBox", "0 0 26 12");
    svg.setAttribute("width", 26);
    svg.setAttribute("height", 12);
    svg.setAttribute("aria-hidden", "true");
    svg.append(line);
    return svg;
  }

  page.fade = fade;
  page.drawing = {STEPS, WIDE_STEPS, column, nearest, few, linearRange, logRange, logTicks, bands, axis, axisSize, swatch};
})(window.likelihood4j);
