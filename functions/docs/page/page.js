// The page of GET /docs shows openapi.json in Swagger UI. The token stays in the memory of this tab.
"use strict";

const TOKEN_STATES = {
  none: "No token. Only calls without authentication work.",
  set: "Sent with every call from this page. Deleted when the page closes.",
};

function followColors(query) {
  document.documentElement.classList.toggle("dark-mode", query.matches);
}

const dark = window.matchMedia("(prefers-color-scheme: dark)");
followColors(dark);
dark.addEventListener("change", followColors);

const ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  defaultModelRendering: "model",
  displayRequestDuration: true,
  filter: true,
  showExtensions: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});

document.getElementById("sign-in").addEventListener("submit", (event) => event.preventDefault());

const field = document.getElementById("token");
const state = document.getElementById("token-state");

field.addEventListener("input", () => {
  const token = field.value.trim().replace(/^Bearer\s+/i, "");
  const name = "managementToken";
  if (token) {
    ui.authActions.authorize({ [name]: { name, schema: { type: "http", scheme: "bearer" }, value: token } });
  } else {
    ui.authActions.logout([name]);
  }
  state.textContent = token ? TOKEN_STATES.set : TOKEN_STATES.none;
});
