// The reference's page: the key that is entered, the search, and requests that are sent.
// A key stays in this page's memory only, and goes only where this page came from.

const secrets = { key: null, session: null };
const MOST_SHOWN = 100_000; // characters of a response

const element = (name, text, className = "") => Object.assign(document.createElement(name), { textContent: text, className });

// ---- the key

const KEY = /^jmpy_\w{20,}$/;
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/;
const credential = document.getElementById("credential");
const secretInput = document.getElementById("secret");
const secretState = document.getElementById("secret-state");

credential.addEventListener("submit", (event) => {
  event.preventDefault();
  const entered = secretInput.value.trim().replace(/^(Authorization:\s*)?Bearer\s+/i, "");
  const kind = KEY.test(entered) ? "key" : TOKEN.test(entered) ? "session" : null;
  secretState.classList.toggle("wrong", !kind);
  secretInput.toggleAttribute("aria-invalid", !kind);
  if (!kind) {
    secretState.textContent = "This is not an API key: keys start with jmpy_. Copy the whole key as it was shown when it was created.";
    secretInput.focus();
    return;
  }
  secrets[kind] = entered;
  secretInput.value = "";
  const name = kind === "key" ? `the API key ${entered.slice(0, 9)}...${entered.slice(-4)}` : "the ID token of a session";
  secretState.textContent = `Requests from this page are sent with ${name}.`;
});

/** The secret to send, or what to say because there is none. */
function secretFor(wanted) {
  if (wanted === "key") {
    const secret = secrets.key ?? secrets.session;
    return secret ? { secret } : { problem: "Enter your API key first: ", link: ["#secret", "Start here"] };
  }
  if (wanted === "session" && !secrets.session) {
    return { problem: "Nothing was sent: this operation takes no API key, only the ID token of a signed-in user. ", link: ["dashboard", "Use the dashboard instead"] };
  }
  return { secret: secrets.session };
}

// ---- requests

for (const form of document.querySelectorAll("form.try")) {
  const curl = document.getElementById(`${form.dataset.operation}-curl`);
  form.addEventListener("input", () => { curl.textContent = command(form); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const place = form.querySelector(".response");
    const empty = [...form.querySelectorAll("input[required]")].find((input) => !input.value && !input.closest("fieldset:disabled"));
    if (empty) {
      place.replaceChildren(element("p", `Nothing was sent: fill in ${empty.name}.`, "notice warn"));
      empty.focus();
      return;
    }
    const { secret, problem, link } = secretFor(form.dataset.credential);
    if (problem) {
      const said = element("p", problem, "notice warn");
      said.append(Object.assign(element("a", link[1]), { href: link[0] }));
      place.replaceChildren(said);
      return;
    }
    const button = form.querySelector("button:not([type])");
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    place.replaceChildren(element("p", "Waiting for the response ...", "hint"));
    try {
      place.replaceChildren(...(await responded(...request(form, secret))));
    } catch (error) {
      place.replaceChildren(element("p", `No response: ${error.message}. Are you online?`, "notice error"));
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}

/** The parts that show a response. */
async function responded(url, options) {
  const started = performance.now();
  const response = await fetch(url, options);
  if (response.type === "opaqueredirect") {
    const said = element("p", "A redirect. Browsers do not let pages read its destination: ", "sent");
    said.append(Object.assign(element("a", "follow it"), { href: url }));
    return [said];
  }
  const text = await response.text();
  const took = Math.round(performance.now() - started);
  const status = element("p", `${response.status} ${response.statusText}`.trim() + `, after ${took} ms`, "sent");
  const headers = [...response.headers].filter(([name]) => /^(x-|ratelimit|retry-after|etag|content-type|location)/.test(name));
  const list = element("p", headers.map(([name, value]) => `${name}: ${value}`).join(" · "), "headers");
  const shown = element("pre", "");
  shown.append(element("code", readable(text)));
  return [status, list, ...(text ? [shown] : [])];
}

function readable(text) {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not JSON: as it came.
  }
  return shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}\n... ${shown.length - MOST_SHOWN} more characters` : shown;
}

// ---- forms

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-switches]")) return;
  for (const fieldset of target.form.querySelectorAll("fieldset.body")) {
    fieldset.hidden = fieldset.disabled = fieldset.dataset.mediaType !== target.value;
  }
  target.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-copies], button[data-fills]");
  if (!button) return;
  if (button.dataset.fills) {
    const area = document.getElementById(button.dataset.fills);
    area.value = button.dataset.text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  const text = document.getElementById(button.dataset.copies).textContent;
  const label = button.firstChild;
  navigator.clipboard.writeText(text).then(() => "Copied", () => "Select and copy it yourself").then((said) => {
    label.data = said;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => { label.data = "Copy"; }, 2000);
  });
});

// ---- finding an operation

const filter = document.getElementById("filter");
const found = document.getElementById("found");
const operations = [...document.querySelectorAll(".operation")].map((details) => ({
  details,
  text: `${details.id} ${details.querySelector("summary").textContent} ${[...details.querySelectorAll(":scope > p")].map((p) => p.textContent).join(" ")}`.toLowerCase(),
}));

function search() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { details, text } of operations) {
    details.hidden = !words.every((word) => text.includes(word));
    count += !details.hidden;
  }
  for (const section of document.querySelectorAll(".operations")) {
    section.hidden = !section.querySelector(".operation:not([hidden])");
  }
  const all = `${operations.length} operations`;
  found.textContent = !words.length ? all : count ? `${count} of ${all}` : `None of the ${all} match.`;
}

filter.addEventListener("input", search);
document.getElementById("search").addEventListener("submit", (event) => event.preventDefault());

/** An operation that the address names is open. */
function open() {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = named && named.closest(".operation");
  if (!details) return;
  details.open = true;
  details.scrollIntoView();
}

for (const { details } of operations) {
  details.addEventListener("toggle", () => {
    if (details.open) history.replaceState(null, "", `#${details.id}`);
  });
}
addEventListener("hashchange", open);
document.documentElement.classList.add("with-scripts");
open();
