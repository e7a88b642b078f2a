// A drawing of the plane: points by class, lines, axes. What it shows is said as text, too.
"use strict";
(function (page) {
  const {element} = page;
  const SVG = "http://www.w3.org/2000/svg";
  const SIZE = 560;
  const MARGIN = 34;

  const svg = (tag, attributes) => {
    const node = document.createElementNS(SVG, tag);
    Object.entries(attributes || {}).forEach(([name, value]) => node.setAttribute(name, String(value)));
    return node;
  };

  /** Steps of 1, 2 or 5 times a power of ten, some five of them. */
  function ticks(low, high) {
    const rough = (high - low) / 5;
    const power = Math.pow(10, Math.floor(Math.log10(rough)));
    const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= rough);
    const all = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++) {
      all.push(k * step);
    }
    return all;
  }

  /** The quantile of numbers, which a few far ones do not move. */
  page.quantile = (values, share) => {
    const sorted = Float64Array.from(values).sort();
    return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
  };

  page.Plane = class {
    /** @param label what it shows, for people who listen */
    constructor(label) {
      this.node = svg("svg", {viewBox: "0 0 " + SIZE + " " + SIZE, class: "plane", role: "img", "aria-label": label});
      this.x = {low: -1, high: 1};
      this.y = {low: -1, high: 1};
    }

    /** Empties it for a window of the plane. */
    window(x, y, names) {
      this.x = x;
      this.y = y;
      this.node.replaceChildren();
      const inner = SIZE - MARGIN;
      const id = "clip-" + (page.planes = (page.planes || 0) + 1);
      const clip = svg("clipPath", {id});
      clip.append(svg("rect", {x: MARGIN, y: 0, width: inner, height: inner}));
      const axes = svg("g", {class: "axes"});
      ticks(x.low, x.high).forEach(t => {
        axes.append(svg("line", {x1: this.across(t), x2: this.across(t), y1: 0, y2: inner}));
        const text = svg("text", {x: this.across(t), y: inner + 14, "text-anchor": "middle"});
        text.textContent = page.tick(+t.toPrecision(6));
        axes.append(text);
      });
      ticks(y.low, y.high).forEach(t => {
        axes.append(svg("line", {x1: MARGIN, x2: SIZE, y1: this.down(t), y2: this.down(t)}));
        const text = svg("text", {x: MARGIN - 5, y: this.down(t) + 4, "text-anchor": "end"});
        text.textContent = page.tick(+t.toPrecision(6));
        axes.append(text);
      });
      const across = svg("text", {x: (MARGIN + SIZE) / 2, y: SIZE - 3, "text-anchor": "middle", class: "name"});
      across.textContent = names[0];
      const down = svg("text", {x: 0, y: 0, "text-anchor": "middle", class: "name",
        transform: "translate(10 " + inner / 2 + ") rotate(-90)"});
      down.textContent = names[1];
      axes.append(across, down);
      this.inside = svg("g", {"clip-path": "url(#" + id + ")"});
      this.node.append(clip, axes, this.inside);
    }

    across(x) { return MARGIN + (x - this.x.low) / (this.x.high - this.x.low) * (SIZE - MARGIN); }
    down(y) { return (1 - (y - this.y.low) / (this.y.high - this.y.low)) * (SIZE - MARGIN); }

    /** A group of what is drawn, with a class of the style sheet. */
    group(name) {
      const group = svg("g", {class: name});
      this.inside.append(group);
      return group;
    }

    point(group, x, y, radius) {
      group.append(svg("circle", {cx: this.across(x).toFixed(1), cy: this.down(y).toFixed(1), r: radius}));
    }

    segment(group, ends, colour) {
      const line = svg("line", {x1: this.across(ends[0]).toFixed(1), y1: this.down(ends[1]).toFixed(1),
        x2: this.across(ends[2]).toFixed(1), y2: this.down(ends[3]).toFixed(1)});
      if (colour) {
        line.style.stroke = colour;
      }
      group.append(line);
    }
  };

  /** Names of the classes that labels have, or one for all. */
  page.classesOf = found => {
    const labels = [...new Set(found.labels)].sort((a, b) => a - b);
    return labels.length < 2 ? [{label: labels[0], name: found.split + " data", place: 0}]
      : labels.map((label, place) => ({label, name: found.classes[label] || "class " + label, place}));
  };

  /** More classes than colours: those behind the eighth are rings. */
  page.classStyle = place => "class-" + place % page.COLOURS + (place % (2 * page.COLOURS) >= page.COLOURS ? " ring" : "");

  /** Buttons that show and hide classes. */
  page.classButtons = (classes, toggle) => element("div", {class: "legend"}, classes.map(one => {
    const button = element("button", {type: "button", "aria-pressed": "true", click: () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      toggle(one, shown);
    }}, element("span", {class: "dot " + page.classStyle(one.place)}), one.name);
    return button;
  }));
})(window.likelihood4j);
