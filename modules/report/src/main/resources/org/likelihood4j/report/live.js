// A live page asks its server for new data; a static one does nothing here.
"use strict";
(function (page) {
  if (document.body.dataset.mode !== "live") {
    return;
  }
  const PAUSE = 1500;
  const MOST_PAUSE = 6000;
  const PATIENCE = 20000;
  const badge = page.element("p", {id: "live", class: "live", role: "status", "data-state": "connected"}, "live");
  document.querySelector(".title").append(badge);
  let version = null;
  let pause = PAUSE;

  function state(name, text) {
    if (badge.dataset.state !== name || badge.textContent !== text) {
      badge.dataset.state = name;
      badge.textContent = text;
    }
  }

  /** Pictures are fetched before the slider gets to them: it goes on working when the server has ended. */
  let kept = new Map();
  function fetchPictures() {
    const sources = page.data.runs.flatMap(run => Object.values(run.pictures).flat().map(picture => picture.source));
    kept = new Map(sources.map(source => [source, kept.get(source) || Object.assign(new Image(), {src: source})]));
  }

  function lost() {
    const ended = page.data.runs.every(run => run.progress.end !== "");
    state("lost", ended ? "The training has ended, and its server too: what is shown stays."
      : "The server does not answer: this is the last it said. Trying again.");
  }

  async function ask() {
    let status = 0;
    let data = null;
    let tag = null;
    try {
      const answer = await fetch("data.json", {
        cache: "no-store", headers: version ? {"If-None-Match": version} : {}, signal: AbortSignal.timeout(PATIENCE)});
      data = answer.status === 200 ? await answer.json() : null;
      tag = answer.headers.get("ETag");
      status = answer.status;
    } catch (error) {
      status = 0;
    }
    pause = status === 200 || status === 304 ? PAUSE : Math.min(MOST_PAUSE, pause * 1.5);
    // First of all: whatever happens to these data, the next may be better.
    setTimeout(ask, pause);
    if (status === 0) {
      lost();
    } else if (status === 200) {
      version = tag;
      state("connected", "live");
      page.update(data);
      fetchPictures();
    } else if (status === 304) {
      state("connected", "live");
    } else {
      state("lost", "The run's folder cannot be read now: this is the last it said. Trying again.");
    }
  }
  fetchPictures();
  setTimeout(ask, PAUSE);
})(window.likelihood4j);
