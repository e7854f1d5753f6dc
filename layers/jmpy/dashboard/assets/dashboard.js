// What the pages gain where scripts run; without this file everything still works.
(() => {
  "use strict";

  const announce = (words) => {
    document.getElementById("announcement").textContent = words;
  };

  const copy = async (text) => {
    // Only secure contexts have the clipboard; a local network's http address is none.
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("The browser refused to copy");
  };

  // A part of another page.
  const part = async (address, selector) => {
    const response = await fetch(address);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector(selector);
    if (!found) throw new Error("Another page came in its place");
    return found;
  };

  // A file is inside a page of its own, as the address of the link that saves it.
  const file = (address) => part(address, "a[download]");

  const canCopyImages = Boolean(navigator.clipboard?.write && window.ClipboardItem);
  const image = async (address) => {
    const encoded = (await file(address)).href.split(",")[1];
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    return new Blob([bytes], { type: "image/png" });
  };
  // Browsers allow it for as long as the click is recent, so they are given the promise.
  const copyImage = (address) =>
    navigator.clipboard.write([new ClipboardItem({ "image/png": image(address) })]);

  // In words and with another sign, by dashboard.css.
  const mark = (button, how) => {
    button.classList.remove("copied", "not-copied");
    button.classList.add(how);
    setTimeout(() => button.classList.remove(how), 3000);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-image]");
    if (!button) return;
    const { copyImage: address } = button.dataset;
    try {
      await (address ? copyImage(address) : copy(button.dataset.copy));
    } catch {
      mark(button, "not-copied");
      const wayOut = address ? "download the image" : "select the text and copy it yourself";
      announce(`Copying failed; ${wayOut}`);
      return;
    }
    mark(button, "copied");
    announce(button.dataset.copied);
  });

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-select]")) event.target.select();
  });

  // What is asked before anything ends is a page of its own, and shown in a dialog where it can be.
  const dialog = document.getElementById("dialog");
  const ask = async (link) => {
    try {
      dialog.replaceChildren(await part(link.href, "#confirmation"));
      dialog.setAttribute("aria-labelledby", "question");
      dialog.setAttribute("aria-describedby", "consequences");
      dialog.showModal();
    } catch {
      location.assign(link.href); // which also leads to where one signs in
    }
  };
  const save = async (link) => {
    try {
      const found = await file(link.href);
      document.adoptNode(found).click();
      announce(`${found.download} saved`);
    } catch {
      location.assign(link.href);
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-confirm], a[data-file]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if ("file" in link.dataset) save(link);
    else ask(link);
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-cancel]")) return;
    event.preventDefault();
    dialog.close(); // the focus goes back to what opened it
  });

  const reveal = (root) => {
    for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
    for (const button of root.querySelectorAll("[data-copy-image]")) button.hidden = !canCopyImages;
  };

  // The server knows UTC only; until when a limit lasts is told in the reader's own time.
  const localize = (root) => {
    for (const time of root.querySelectorAll("time[data-local]")) {
      time.title ||= time.textContent;
      const at = new Date(time.dateTime);
      const clock = { hour: "2-digit", minute: "2-digit" };
      const isToday = at.toDateString() === new Date().toDateString();
      const day = isToday ? {} : { day: "numeric", month: "short" };
      time.textContent = `${at.toLocaleString("en-GB", { ...day, ...clock })} (your time)`;
    }
  };

  // In the same form as `countdown` in words.py.
  const countdown = (seconds) => {
    const days = Math.floor(seconds / 86400);
    const clock = [seconds % 86400 / 3600, seconds % 3600 / 60, seconds % 60]
      .map((part) => String(Math.floor(part)).padStart(2, "0"))
      .join(":");
    return days ? `${days} ${days === 1 ? "day" : "days"} ${clock}` : clock;
  };

  const tick = () => {
    for (const time of document.querySelectorAll("[data-countdown]")) {
      const left = Math.round((Date.parse(time.dateTime) - Date.now()) / 1000);
      time.textContent = countdown(Math.max(0, left));
    }
  };

  // What is fetched anew comes closed; what its reader opened is opened again.
  const opened = new Set();
  document.addEventListener("toggle", ({ target }) => {
    if (target.open) opened.add(target.id);
    else opened.delete(target.id);
  }, true);
  const reopen = (root) => {
    for (const details of root.querySelectorAll("details")) details.open ||= opened.has(details.id);
  };

  // The same again would only take away what its reader points at or has selected.
  const shown = new Map();
  document.addEventListener("htmx:beforeSwap", ({ detail, target }) => {
    if (shown.get(target.id) === detail.serverResponse) detail.shouldSwap = false;
    shown.set(target.id, detail.serverResponse);
  });

  reveal(document);
  localize(document);
  // On phones the sections are wider than the page.
  document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest" });
  if (document.querySelector("[data-countdown]")) {
    tick();
    setInterval(tick, 1000);
  }
  document.addEventListener("htmx:load", ({ target }) => {
    reveal(target);
    reopen(target);
    localize(target);
  });

  // What cannot be fetched anew is not live: it says why, and tries again later and later.
  const live = document.querySelector("[data-live]");
  const asServed = live ? [...live.childNodes] : [];
  let failures = 0;
  let resumesAt = 0;
  if (live) live.hidden = false;

  const pause = (why, seconds, ...further) => {
    resumesAt = Date.now() + 1000 * seconds;
    if (!live || live.dataset.live === why) return;
    live.dataset.live = why;
    const badge = document.createElement("span");
    badge.className = "badge warn";
    badge.textContent = `Paused: ${why}`;
    live.replaceChildren(badge, ...further);
  };
  const resume = () => {
    failures = 0;
    resumesAt = 0;
    if (!live?.dataset.live) return;
    live.dataset.live = "";
    live.replaceChildren(...asServed);
  };
  const signIn = () => {
    if (!live) return [];
    const link = document.createElement("a");
    const here = location.pathname.slice(live.dataset.base.length) + location.search;
    link.href = `${live.dataset.signIn}?return_to=${encodeURIComponent(here)}`;
    link.textContent = "Sign in";
    return [" ", link];
  };
  const later = () => Math.min(300, 5 * 2 ** failures++);

  document.addEventListener("htmx:responseError", ({ detail: { elt, xhr } }) => {
    // What a button fetches; it does without that, and the page says what is wrong.
    if (elt.form) return elt.form.requestSubmit(elt);
    if (xhr.status === 401) return pause("signed out", Infinity, ...signIn());
    const wait = Number(xhr.getResponseHeader("Retry-After")) || later();
    return pause(xhr.status === 429 ? "a limit is reached" : "the service has a problem", wait);
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => pause("offline", later()));
  }
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful) resume();
  });
  // Back online, or back from the tab in which one signed in: the next turn tries.
  for (const [target, name] of [[window, "online"], [document, "visibilitychange"]]) {
    target.addEventListener(name, () => { resumesAt = 0; });
  }
  // A tab that nobody looks at asks for nothing.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden || Date.now() < resumesAt) event.preventDefault();
  });
})();
