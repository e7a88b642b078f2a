// The part of the training that all charts show, and how it is chosen.
"use strict";
(function (page) {
  const listeners = [];
  let full = [0, 1];

  page.onView = listener => listeners.push(listener);

  /** The epochs that are shown: from, to. */
  page.range = () => page.view || full;
  page.fullRange = () => full;

  /** Shows these epochs in all charts; null for all of the training. */
  page.setView = function (view) {
    if (view) {
      const least = (full[1] - full[0]) * 1e-4;
      const from = Math.max(full[0], Math.min(view[0], view[1]));
      const to = Math.min(full[1], Math.max(view[0], view[1]));
      view = to - from < least || (from <= full[0] && to >= full[1]) ? null : [from, to];
    }
    page.view = view;
    listeners.forEach(listener => listener());
  };

  page.zoomBy = function (factor, centre) {
    const [from, to] = page.range();
    const at = centre === undefined ? (from + to) / 2 : centre;
    page.setView([at - (at - from) * factor, at + (to - at) * factor]);
  };

  page.moveBy = function (share) {
    const [from, to] = page.range();
    const by = Math.max(full[0] - from, Math.min(full[1] - to, (to - from) * share));
    page.setView([from + by, to + by]);
  };

  page.measure = function (runs) {
    let last = 0;
    for (const run of runs) {
      for (const table of Object.values(run.tables)) {
        last = Math.max(last, table.x.length ? table.x[table.x.length - 1] : 0);
      }
    }
    full = [0, last > 0 ? last : 1];
  };

  /** Two fields and a button: zooming without a mouse. */
  page.zoomControls = function () {
    const field = (label, end) => page.element("input", {
      type: "number", step: "any", "aria-label": label, change: event => {
        const view = page.range().slice();
        const value = parseFloat(event.target.value);
        if (Number.isFinite(value)) {
          view[end] = value;
        }
        page.setView(view);
        show();
      }});
    const from = field("first epoch shown", 0);
    const to = field("last epoch shown", 1);
    const button = (text, label, action) =>
      page.element("button", {type: "button", "aria-label": label, title: label, click: action}, text);
    const reset = button("All", "Show the whole training", () => page.setView(null));
    const show = () => {
      const [a, b] = page.range();
      from.value = +a.toPrecision(6);
      to.value = +b.toPrecision(6);
      reset.disabled = !page.view;
    };
    page.onView(show);
    page.showView = show;
    return page.element("div", {class: "zoom", role: "group", "aria-label": "Epochs that all charts show"},
      page.element("span", {class: "zoom-label"}, "Epochs"), from, page.element("span", {}, "to"), to,
      button("+", "Zoom in", () => page.zoomBy(0.5)), button("\u2212", "Zoom out", () => page.zoomBy(2)), reset);
  };
})(window.likelihood4j);
