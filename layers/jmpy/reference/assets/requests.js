// A request of the reference's page: what its form says, as a command and as a call of fetch.

const VARIABLES = { key: "$JMPY_API_KEY", session: "$JMPY_SESSION_TOKEN" };
// Requests go where this page came from, whatever other names the deployment has.
const base = new URL(".", location.href).href.replace(/\/$/, "");

/** What the reader filled in, by where it is sent. */
function filledIn(form) {
  const found = { path: [], query: [], header: [], form: [], json: null, mediaType: null };
  for (const input of form.querySelectorAll("[data-place]")) {
    if (input.closest("fieldset:disabled")) continue;
    const { place } = input.dataset;
    if (place === "json") found.json = input.value;
    else if (place === "path" || place === "form" || input.value) found[place].push([input.name, input.value]);
  }
  found.mediaType = form.querySelector("fieldset.body:not(:disabled)")?.dataset.mediaType ?? null;
  return found;
}

function address(form, sent, placeholder) {
  let { path } = form.dataset;
  for (const [name, value] of sent.path) {
    path = path.replace(`{${name}}`, value ? encodeURIComponent(value) : placeholder(name));
  }
  const query = new URLSearchParams(sent.query).toString();
  return path + (query ? `?${query}` : "");
}

const quoted = (text) => `'${text.replaceAll("'", `'"'"'`)}'`;

/** The same as jmpy/reference/curl.py makes of the form as it is at first. */
function command(form) {
  const sent = filledIn(form);
  const { method, credential } = form.dataset;
  const parts = [`curl "${shown(form)}${address(form, sent, (name) => `:${name}`)}"`];
  if (method !== "GET" && !(method === "POST" && sent.mediaType)) parts.push(`-X ${method}`);
  if (credential) parts.push(`-H "Authorization: Bearer ${VARIABLES[credential]}"`);
  for (const [name, value] of sent.header) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (sent.mediaType === "application/json") {
    parts.push('-H "Content-Type: application/json"', `-d ${quoted(sent.json)}`);
  } else if (sent.mediaType === "multipart/form-data") {
    for (const [name] of sent.form) parts.push(`-F "${name}=@links.csv"`);
  } else {
    for (const [name, value] of sent.form) parts.push(`--data-urlencode ${quoted(`${name}=${value}`)}`);
  }
  return parts.join(" \\\n  ");
}

/** The address that the server calls its own. */
const shown = (form) => form.closest("main").dataset.base;

/** What `fetch` takes. */
function request(form, secret) {
  const sent = filledIn(form);
  const headers = new Headers(sent.header);
  if (secret) headers.set("Authorization", `Bearer ${secret}`);
  return [base + address(form, sent, () => ""), {
    method: form.dataset.method,
    headers,
    body: body(sent, headers),
    // The key alone identifies the caller: not the dashboard's session, if there is one.
    credentials: "omit",
    redirect: "manual",
    cache: "no-store",
  }];
}

function body(sent, headers) {
  if (sent.mediaType === "application/json") {
    headers.set("Content-Type", sent.mediaType);
    return sent.json;
  }
  if (sent.mediaType === "multipart/form-data") {
    const form = new FormData();
    for (const [name, value] of sent.form) form.append(name, new Blob([value], { type: "text/csv" }), "links.csv");
    return form;
  }
  return sent.mediaType ? new URLSearchParams(sent.form) : undefined;
}
