// What the forms gain where scripts run: a button that is busy, and what was typed is carried through
// a sign-in. Without this file a form that is sent twice still does what it does once.
(() => {
  "use strict";

  const KEPT = 60 * 60 * 1000; // for which what was typed waits for a sign-in
  const STOPPED = 30 * 1000; // after which no response comes any more
  const UNSENT = "jmpy unsent form";
  const PERSON = "jmpy person";

  const announce = (words) => {
    document.getElementById("announcement").textContent = words;
  };
  const changes = (form) => form.method === "post";

  // Firefox keeps a button disabled when the page is reloaded.
  for (const button of document.querySelectorAll("[data-busy]")) button.disabled = false;

  // A second click finds the button busy, and so does Enter in a field.
  const busy = new Map();
  const release = () => {
    for (const [form, { button, content }] of busy) {
      form.removeAttribute("aria-busy");
      button.disabled = false;
      button.replaceChildren(...content);
    }
    busy.clear();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!changes(form)) return;
    if (busy.has(form)) return event.preventDefault();
    const button = event.submitter ?? form.querySelector("button[data-busy]");
    if (!button?.dataset.busy) return;
    busy.set(form, { button, content: [...button.childNodes] });
    form.setAttribute("aria-busy", "true");
    button.style.minWidth = `${button.offsetWidth}px`;
    button.replaceChildren(button.dataset.busy);
    announce(button.dataset.busy);
    // Whoever stopped the page from loading can send it again; its token makes that harmless.
    setTimeout(release, STOPPED);
    // Not at once: a button that is disabled now is not sent, and may stop the form.
    setTimeout(() => { if (busy.has(form)) button.disabled = true; });
  });

  // A secret that is shown once is gone from the history, too: reloading, going back or copying the
  // tab leads to the page that says so.
  const once = document.querySelector("[data-once]")?.dataset.once;
  if (once) history.replaceState(null, "", once);

  // Browsers may show a page as it was when one comes back to it.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    release();
    if (once) location.replace(once);
  });

  // A form that was sent after the session ended: what was typed waits in this tab, for an hour and
  // for the same person, and is put back into its form for them to send. Never a secret: the page
  // that says so has none.
  const person = document.querySelector(".account .email")?.title;
  const unsent = document.querySelector("form[data-unsent]");
  if (unsent) {
    const fields = [...new FormData(unsent)].filter(([name]) => !name.endsWith("_token"));
    try {
      const kept = { action: unsent.action, fields, at: Date.now(), person: sessionStorage.getItem(PERSON) };
      sessionStorage.setItem(UNSENT, JSON.stringify(kept));
      unsent.hidden = true;
      document.querySelector("a[target=_blank]").removeAttribute("target");
      for (const words of document.querySelectorAll("[data-another-tab]")) words.remove();
      document.getElementById("kept").hidden = false;
    } catch {
      // There is no room, or no storage: the page says how it goes without.
    }
  }

  const fill = (form, fields, isMeant = () => true) => {
    for (const field of form.elements) {
      if (!field.name || ["hidden", "password", "submit"].includes(field.type)) continue;
      if (!isMeant(field.name)) continue;
      const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
  };

  // A template is a link to the form as it fills it in; here it leaves what it says nothing about.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-fill]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const values = JSON.parse(link.dataset.fill);
    const fields = Object.entries(values).flatMap(([name, all]) => all.map((value) => [name, value]));
    const form = document.querySelector("main form");
    fill(form, fields, (name) => name in values);
    for (const other of document.querySelectorAll("a[data-fill]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    form.dispatchEvent(new Event("change"));
    announce(`${link.textContent}: filled in`);
  });
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;

  // Work that takes several requests; without this its reader sends each of them.
  document.querySelector("form[data-continues]")?.requestSubmit();

  const restore = (form, fields) => {
    fill(form, fields);
    const notice = document.createElement("p");
    notice.className = "notice warn";
    notice.tabIndex = -1;
    const password = form.querySelector("input[type=password]") ? ", type a password again" : "";
    notice.textContent = `Nothing was sent yet. Your input is below: check it${password}, then send it.`;
    form.prepend(notice);
    notice.focus();
  };
  if (person) {
    sessionStorage.setItem(PERSON, person);
    const kept = JSON.parse(sessionStorage.getItem(UNSENT) ?? "null");
    const form = kept && [...document.forms].find((one) => changes(one) && one.action === kept.action);
    const isTheirs = kept && (!kept.person || kept.person === person) && Date.now() - kept.at < KEPT;
    if (kept && (form || !isTheirs)) sessionStorage.removeItem(UNSENT);
    if (form && isTheirs) restore(form, kept.fields);
  }
})();
