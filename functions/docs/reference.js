// Shows openapi.json with Swagger UI. A key that is entered stays in this page's memory only.

const base = new URL(".", location.href).href.replace(/\/$/, "");
const place = document.getElementById("reference");

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

function show(spec) {
  // Requests go where this page came from, whatever other names the deployment has.
  spec.servers = [{ url: base }];
  SwaggerUIBundle({
    spec,
    domNode: place,
    deepLinking: true,
    filter: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    tryItOutEnabled: true,
    persistAuthorization: false,
    validatorUrl: null, // it would send the document to another host
  });
}

fetch(`${base}/openapi.json`)
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
  .then(show)
  .catch((reason) => {
    place.textContent = `The reference could not be loaded (${reason}). Reload the page to try again.`;
  });
