// Grids of images after epochs, with a slider over the epochs; of several runs side by side.
"use strict";
(function (page) {
  const {element} = page;
  const TEXTS = {
    samples: ["Samples", "Drawn from the prior, the same noise after each epoch: what the model has learned to make."],
    reconstructions: ["Reconstructions", "Originals, each with its reconstruction on its right."],
    interpolations: ["Interpolations", "Each row goes in even steps from the latent of one image to that of another: neighbours should look alike."],
    traversals: ["Traversals", "Each row changes one latent dimension and holds the others: what that dimension stands for."],
    scales: ["Scales", "In each row an image, then three times each scale, from the finest on: its latents are drawn anew, the others stay. What changes is what that scale holds."],
  };

  page.PICTURES = Object.keys(TEXTS);

  page.Pictures = class {
    constructor(kind) {
      this.kind = kind;
      this.newest = true;
      this.slider = element("input", {type: "range", min: 0, step: 1, "aria-label": "Epoch of the " + kind, input: () => {
        this.newest = this.slider.value === this.slider.max;
        this.show();
      }});
      this.where = element("output", {class: "where"});
      this.row = element("div", {class: "pictures"});
      this.section = element("section", {"data-kind": kind, class: "picture"},
        element("h3", {}, TEXTS[kind][0]), element("p", {class: "note"}, TEXTS[kind][1]),
        element("div", {class: "slider"}, this.slider, this.where), this.row);
    }

    /** The slider stays at its epoch; one at the newest goes with the newest. */
    update(runs) {
      const before = this.epochs && this.epochs[this.slider.value];
      this.runs = runs.filter(run => run.pictures[this.kind]);
      this.section.hidden = this.runs.length === 0;
      this.epochs = [...new Set(this.runs.flatMap(run => run.pictures[this.kind].map(p => p.epoch)))].sort((a, b) => a - b);
      this.slider.max = Math.max(0, this.epochs.length - 1);
      let at = this.epochs.length - 1;
      if (!this.newest && before !== undefined) {
        at = this.epochs.findIndex(epoch => epoch >= before);
        at = at < 0 ? this.epochs.length - 1 : at;
      }
      this.slider.value = at;
      this.slider.parentElement.hidden = this.epochs.length === 0;
      this.slider.disabled = this.epochs.length < 2;
      if (this.row.children.length !== this.runs.length) {
        this.row.replaceChildren(...this.runs.map(() => element("figure", {}, element("img", {decoding: "async"}), element("figcaption", {}))));
      }
      this.show();
    }

    /** What each row of samples was drawn for, of a model that is told classes. */
    rows(run) {
      const told = this.kind === "samples" && run.config["model.condition"] === "label" && run.provenance.classes;
      return told ? " Classes of the rows, from the top: " + run.provenance.classes : "";
    }

    /** Of samples that are not those of the model itself. */
    temperature(run) {
      const temperature = run.config["training.imagesTemperature"];
      return this.kind === "samples" && temperature && Number(temperature) !== 1
        ? " Drawn at temperature " + temperature + ", by which the model's noise was scaled." : "";
    }

    show() {
      const epoch = this.epochs[this.slider.value];
      if (epoch === undefined) {
        return;
      }
      this.where.textContent = "epoch " + page.epoch(epoch);
      this.slider.setAttribute("aria-valuetext", "epoch " + epoch);
      this.runs.forEach((run, i) => {
        const [image, caption] = this.row.children[i].children;
        // Runs need not have pictures of the same epochs: each shows its newest up to here.
        const upTo = run.pictures[this.kind].filter(p => p.epoch <= epoch);
        const picture = upTo.length ? upTo[upTo.length - 1] : run.pictures[this.kind][0];
        const text = TEXTS[this.kind][0] + " of " + run.name + " after epoch " + picture.epoch;
        if (picture.source === null) {
          image.removeAttribute("src");
        } else if (image.getAttribute("src") !== picture.source) {
          image.src = picture.source;
        }
        image.alt = text;
        caption.textContent = (this.runs.length > 1 ? run.name : "")
          + (picture.source === null ? " the file cannot be read" : picture.epoch === epoch ? "" : " (epoch " + picture.epoch + ")")
          + this.rows(run) + this.temperature(run);
      });
    }
  };
})(window.likelihood4j);
