// The official SDK on the API at API_URL, and the control API of the simulator at SIMULATOR_URL.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.env.SDK_FOLDER}/`));
const { SDK } = require("@100mslive/server-sdk");
const { API_URL, SIMULATOR_URL } = process.env;

export function connect(accessKey, secret) {
  const hms = new SDK(accessKey, secret);
  hms.api.axios.defaults.baseURL = API_URL;
  return hms;
}

export async function control(method, path, body) {
  const response = await fetch(`${SIMULATOR_URL}/_simulator${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
}

export async function all(iterator) {
  const found = [];
  for await (const item of iterator) found.push(item);
  return found;
}

export const claims = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url"));

export async function refused(code, call) {
  await assert.rejects(call, (error) => error.code === code && error.message.length > 0);
}

export async function run(stories) {
  for (const [name, story] of Object.entries(stories)) {
    await control("POST", "/reset");
    await story();
    console.log(`ok ${name}`);
  }
}
