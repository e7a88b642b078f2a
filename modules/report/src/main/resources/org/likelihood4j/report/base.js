// What every part of the page uses: elements, numbers, colours. What a run says reaches the page as text, never as markup.
"use strict";
window.likelihood4j = {charts: {}, view: null};
(function (page) {
  /** An element; properties that are functions are listeners, the others attributes; false leaves one out, but for aria's. */
  page.element = function (tag, properties, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (typeof value === "function") {
        node.addEventListener(name, value);
      } else if (name.startsWith("aria-") || (value !== undefined && value !== null && value !== false)) {
        node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
      }
    }
    for (const child of children.flat()) {
      if (child !== undefined && child !== null) {
        node.append(child);
      }
    }
    return node;
  };

  const minus = text => text.replace("-", "\u2212");

  /** A number for people: five digits, thousands apart, powers of ten where digits would be zeros. */
  page.number = function (value, digits = 5) {
    if (value === null || value === undefined || !Number.isFinite(value)) {
      return "\u2013";
    }
    const size = Math.abs(value);
    if (value !== 0 && (size < 1e-3 || size >= 1e7)) {
      return minus(value.toExponential(Math.min(2, digits - 1)));
    }
    const decimals = size === 0 ? 0 : Math.max(0, Math.min(6, digits - 1 - Math.floor(Math.log10(size))));
    return minus(value.toLocaleString("en-US", {
      minimumFractionDigits: Number.isInteger(value) ? 0 : decimals, maximumFractionDigits: decimals}));
  };

  /** A number on an axis, which needs no more digits than it has. */
  page.tick = function (value) {
    const short = +value.toPrecision(6);
    const size = Math.abs(short);
    return minus(short !== 0 && (size < 1e-4 || size >= 1e6) ? short.toExponential().replace("e+", "e")
      : short.toLocaleString("en-US", {maximumFractionDigits: 6}));
  };

  /** A mean with its standard error, to the error's second digit. */
  page.withError = function (value, error) {
    if (!(error > 0)) {
      return page.number(value);
    }
    const decimals = Math.max(0, Math.min(8, 1 - Math.floor(Math.log10(error))));
    const fixed = x => minus(x.toLocaleString("en-US", {minimumFractionDigits: decimals, maximumFractionDigits: decimals}));
    return fixed(value) + "\u00a0\u00b1\u00a0" + fixed(error);
  };

  page.duration = function (seconds) {
    if (!(seconds > 0)) {
      return "\u2013";
    }
    const s = Math.round(seconds);
    if (s < 60) {
      return (seconds < 10 ? seconds.toFixed(1) : s) + " s";
    }
    const m = Math.floor(s / 60);
    return m < 60 ? m + " min " + (s % 60) + " s" : Math.floor(m / 60) + " h " + (m % 60) + " min";
  };

  /** An epoch: 3 is the end of the third, 3.25 a step within the fourth. */
  page.epoch = x => page.tick(+x.toFixed(x < 100 ? 2 : 1));

  let computed = new Map();
  page.style = function (name) {
    if (!computed.has(name)) {
      computed.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
    }
    return computed.get(name);
  };
  page.forgetStyles = () => { computed = new Map(); };

  /** Colours that people with any kind of colour vision can tell apart, after Okabe and Ito; see report.css. */
  page.COLOURS = 8;
  page.colour = index => page.style("--c" + index % page.COLOURS);
  page.DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [14, 5], [5, 2, 1, 2, 1, 2]];
  page.dash = index => page.DASHES[index % page.DASHES.length];

  const VIRIDIS = ["440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725"]
    .map(hex => [0, 2, 4].map(i => parseInt(hex.slice(i, i + 2), 16)));

  /** A colour of the scale viridis, dark to light, for a share from 0 to 1. */
  page.viridis = function (share) {
    const at = Math.max(0, Math.min(1, share)) * (VIRIDIS.length - 1);
    const i = Math.min(VIRIDIS.length - 2, Math.floor(at));
    const mixed = VIRIDIS[i].map((c, k) => Math.round(c + (VIRIDIS[i + 1][k] - c) * (at - i)));
    return "rgb(" + mixed.join(",") + ")";
  };

  /** Says something to people who listen to the page. */
  page.say = text => { document.getElementById("spoken").textContent = text; };

  /** What the run's model can. */
  page.hasKl = run => run.abilities.includes("kl");
  page.hasExactDensity = run => run.abilities.includes("exact_density");
})(window.likelihood4j);
