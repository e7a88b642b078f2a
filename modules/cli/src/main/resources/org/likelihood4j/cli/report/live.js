// A live page asks its server for new data; a static one does nothing here.
"use strict";
(function (page) {
  if (document.body.dataset.mode !== "live") {
    return;
  }
  const PAUSE = 1500;
  const MOST_PAUSE = 6000;
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

  async function ask() {
    try {
      const answer = await fetch("data.json", {cache: "no-store", headers: version ? {"If-None-Match": version} : {}});
      if (answer.status === 200) {
        const data = await answer.json();
        version = answer.headers.get("ETag");
        page.update(data);
      } else if (answer.status !== 304) {
        throw new Error("status " + answer.status);
      }
      pause = PAUSE;
      state("connected", "live");
    } catch (error) {
      pause = Math.min(MOST_PAUSE, pause * 1.5);
      state("lost", "The server does not answer; this is the last it said. Trying again.");
    }
    setTimeout(ask, pause);
  }
  setTimeout(ask, PAUSE);
})(window.likelihood4j);
