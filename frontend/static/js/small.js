// Small comforts. Every page works without them.
(() => {
  "use strict";

  // How much of a short text is left: <textarea data-count maxlength="200">.
  const count = (field) => {
    const most = Number(field.getAttribute("maxlength"));
    if (!most) return;
    let shown = field.nextElementSibling;
    if (!shown || !shown.matches("output.count")) {
      shown = document.createElement("output");
      shown.className = "count";
      if (field.id) shown.htmlFor = field.id;
      field.after(shown);
    }
    const used = [...field.value].length;
    shown.value = `${used} / ${most}`;
    shown.classList.toggle("count-near", used > most * 0.9);
    shown.setAttribute("aria-live", used > most * 0.9 ? "polite" : "off");
  };
  const countAll = (root) => root.querySelectorAll("[data-count]").forEach(count);
  document.addEventListener("input", (event) => event.target.matches("[data-count]") && count(event.target));

  // The menu closes like one: Escape, a click elsewhere, or when the focus has left it.
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  const leave = (event) => openMenus().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });

  // A button sends once: a second click within the same page does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[hx-post]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    window.setTimeout(() => delete form.dataset.sent, 4000);
  });

  // A thread opens at its newest message.
  const toNewest = (root) => root.querySelectorAll("[data-newest]").forEach((end) => end.scrollIntoView({ block: "end" }));

  // htmx leaves the page as it is when the answer is a refusal: say its first line above the form that was sent.
  const say = (form, words) => {
    form.parentElement.querySelectorAll(".notice-stop[role=alert]").forEach((old) => old.remove());
    const notice = document.createElement("div");
    notice.className = "notice notice-stop";
    notice.setAttribute("role", "alert");
    notice.append(Object.assign(document.createElement("p"), { textContent: words }));
    form.before(notice);
    notice.scrollIntoView({ block: "nearest" });
  };
  const refused = (event) => {
    const form = event.detail.elt.closest("form");
    if (!form || event.detail.requestConfig.verb === "get") return; // what polls stays silent
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText || "", "text/html");
    const heading = page.querySelector("main h1");
    say(form, heading ? heading.textContent : document.body.dataset.lost);
  };
  document.addEventListener("htmx:responseError", refused);
  document.addEventListener("htmx:sendError", refused);

  // A live part that says the same as before stays as it is; one that changed gives the focus back to the same link.
  const says = (part) => part.textContent.replace(/\s+/g, " ") + [...part.querySelectorAll("a")].map((link) => link.href);
  let held = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    const focus = part.contains(document.activeElement) && document.activeElement.closest("a[href]");
    held = focus ? focus.getAttribute("href") : "";
    if (!part.id || part.getAttribute("hx-swap") !== "outerHTML") return;
    const page = new DOMParser().parseFromString(event.detail.serverResponse || "", "text/html");
    const next = page.getElementById(part.id);
    if (next && says(next) === says(part)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (held && document.activeElement === document.body) {
      [...document.querySelectorAll("main a")].find((link) => link.getAttribute("href") === held)?.focus();
    }
    held = "";
  });

  countAll(document);
  toNewest(document);
  document.addEventListener("htmx:afterSwap", (event) => countAll(event.target));
})();
