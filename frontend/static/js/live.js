// Listens to the stream named in <body data-live> and passes "look" on to htmx as "look-again".
// Silent by intent: every live part also polls, so without stream or script nothing is lost but seconds.
(() => {
  "use strict";
  const address = document.body.dataset.live;
  if (!address || !("EventSource" in window)) return;

  const SHORTEST_MS = 1000;
  const LONGEST_MS = 60000;
  let stream = null;
  let wait = SHORTEST_MS;
  let timer = 0;
  let lost = false;

  const lookAgain = () => {
    if (window.htmx) window.htmx.trigger(document.body, "look-again");
  };

  const close = () => {
    window.clearTimeout(timer);
    if (stream) stream.close();
    stream = null;
  };

  const open = () => {
    close();
    if (document.hidden || navigator.onLine === false) return;
    stream = new EventSource(address);
    stream.onopen = () => {
      if (lost) lookAgain(); // something may have come while the line was down
      lost = false;
      wait = SHORTEST_MS;
    };
    stream.onmessage = (event) => {
      if (event.data.trim() === "look") lookAgain();
    };
    stream.addEventListener("look", lookAgain);
    stream.onerror = () => {
      lost = true;
      if (stream && stream.readyState === EventSource.CONNECTING) return; // the browser tries by itself
      close();
      timer = window.setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_MS);
    };
  };

  const back = () => {
    if (document.hidden) {
      close(); // a hidden window holds no connection
    } else if (!stream) {
      lookAgain();
      open();
    }
  };

  // A hidden window asks for nothing: what it would fetch would count as read.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const cause = event.detail.requestConfig.triggeringEvent;
    if (document.hidden && (!cause || cause.type === "look-again")) event.preventDefault();
  });
  document.addEventListener("visibilitychange", back);
  window.addEventListener("online", back);
  window.addEventListener("offline", close);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && back());
  open();
})();
