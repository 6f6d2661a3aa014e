// The console of `make run`: refreshes the rooms every second, and shows each action as a curl command.

const SECOND = 1000;
const MOST_EVENTS = 200;

const settings = async () => (await fetch("settings")).json();
const { simulator } = await settings();
const byId = (id) => document.getElementById(id);
let chosen = "";

// --- calls -----------------------------------------------------------------------------------------------------------

// Calls the API with a token. The curl command reads the token from `make token` instead.
async function api(method, path, body) {
  const { token } = await settings(); // valid for one minute
  const headers = { authorization: `Bearer ${token}` };
  const authorization = `-H "Authorization: Bearer $(make -s token)"`;
  return act(method, path, `${location.origin}${path}`, authorization, body, headers);
}

// Sends a control call to the simulator through this page's origin. Control calls need no token.
function control(method, path, body) {
  return act(method, `simulator/${path}`, `${simulator}/_simulator/${path}`, "", body, {});
}

async function act(method, path, shownUrl, shownHeader, body, headers) {
  const options = { method, headers };
  const parts = ["curl -s", method === "GET" || body ? "" : `-X ${method}`, shownHeader];
  if (body) {
    options.body = JSON.stringify(body);
    options.headers = { ...headers, "content-type": "application/json" };
    parts.push("-H 'content-type: application/json'", `-d ${quoted(options.body)}`);
  }
  byId("curl").textContent = [...parts, shownUrl].filter(Boolean).join(" ");
  byId("answer").textContent = "…";
  const answer = await fetch(path, options);
  const text = await answer.text();
  const warnings = answer.headers.get("x-hms-warnings");
  const header = warnings ? `\nx-hms-warnings: ${warnings}` : "";
  byId("answer").textContent = `${answer.status}${header}\n${indented(text)}`;
  byId("answer").classList.toggle("failed", !answer.ok);
  await refresh();
  return answer.ok && text ? JSON.parse(text) : null;
}

function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

// --- display ---------------------------------------------------------------------------------------------------------

async function refresh() {
  try {
    const answer = await fetch("simulator/rooms");
    show((await answer.json()).rooms);
    byId("now").textContent = `Live · ${new Date().toLocaleTimeString()}`;
  } catch {
    byId("now").textContent = "The local stack is not reachable.";
  }
}

function show(rooms) {
  fill("rooms", rooms, (room) => {
    const button = made("button", room.name, { type: "button", "aria-pressed": String(room.id === chosen) });
    button.addEventListener("click", () => choose(room.id));
    const people = room.peers.length === 1 ? "1 peer" : `${room.peers.length} peers`;
    return [button, made("span", room.enabled ? people : "disabled", { class: "quiet" })];
  });
  const room = rooms.find(({ id }) => id === chosen);
  byId("room-title").textContent = room ? room.name : "No room selected";
  byId("room-hint").hidden = Boolean(room);
  byId("room-body").hidden = !room;
  if (room) showRoom(room);
}

function showRoom(room) {
  byId("room-id").textContent = room.id;
  if (byId("peer-role").dataset.of !== room.id + room.roles) {
    byId("peer-role").replaceChildren(...room.roles.map((role) => made("option", role)));
    byId("peer-role").dataset.of = room.id + room.roles;
  }
  fill("peers", room.peers, (peer) => {
    const leave = made("button", "Leave", { type: "button", "aria-label": `Disconnect ${peer.name}` });
    leave.addEventListener("click", () => control("DELETE", `rooms/${room.id}/peers/${peer.id}`));
    return [made("span", peer.name), made("span", peer.role, { class: "quiet" }), leave];
  });
  fill("recordings", room.recordings, (recording) => {
    const parts = [made("code", recording.id), made("span", recording.status, { class: `state ${recording.status}` })];
    if (recording.status === "starting" || recording.status === "running") {
      const stop = made("button", "Stop", { type: "button", "aria-label": `Stop recording ${recording.id}` });
      stop.addEventListener("click", () => api("POST", `/recordings/${recording.id}/stop`));
      parts.push(stop);
    }
    return parts;
  });
  fill("sessions", room.sessions, (session) => [
    made("code", session.id),
    made("span", session.active ? "active" : "ended", { class: `state ${session.active ? "running" : ""}` }),
    made("span", `${session.peers} joined`, { class: "quiet" }),
  ]);
}

// Rebuilds a list only if its items changed, and restores the focus.
function fill(id, items, parts) {
  const list = byId(id);
  const now = JSON.stringify([items, chosen]);
  if (list.dataset.shown === now) return;
  const focused = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  list.dataset.shown = now;
  list.replaceChildren(...items.map((item) => {
    const line = made("li");
    line.append(...parts(item));
    return line;
  }));
  if (!items.length) list.append(made("li", "none", { class: "quiet" }));
  if (focused >= 0) list.querySelectorAll("button")[focused]?.focus();
}

function made(name, text = "", attributes = {}) {
  const element = document.createElement(name);
  element.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}

function showEvent(event) {
  const details = made("details");
  const summary = made("summary");
  summary.append(made("time", new Date(event.time).toLocaleTimeString()), made("b", event["detail-type"]));
  summary.append(made("span", event.source, { class: "quiet" }));
  details.append(summary, made("pre", JSON.stringify(event.detail, null, 2)));
  const line = made("li", "", { "data-time": event.time });
  line.append(details);
  const older = [...byId("events").children].find((item) => item.dataset.time <= event.time);
  byId("events").insertBefore(line, older ?? null);
  byId("no-events").hidden = true;
  while (byId("events").children.length > MOST_EVENTS) byId("events").lastElementChild.remove();
}

// --- actions ---------------------------------------------------------------------------------------------------------

async function choose(id) {
  chosen = id;
  await refresh();
}

function onSubmit(id, action) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    action(Object.fromEntries(new FormData(event.target)), event.target);
  });
}

onSubmit("create", async ({ name }, form) => {
  const room = await api("POST", "/rooms", { name });
  if (!room) return;
  form.reset();
  await choose(room.id);
});
onSubmit("join", ({ name, role }) => {
  const peer = { name, role, user_id: name.toLowerCase() };
  return control("POST", `rooms/${chosen}/peers`, peer);
});
byId("record").addEventListener("click", () => api("POST", `/recordings/room/${chosen}/start`, {}));
byId("pass").addEventListener("click", () => control("POST", "clock", { advance_seconds: 60 }));
byId("end").addEventListener("click", () => {
  return api("POST", `/active-rooms/${chosen}/end-room`, { reason: "ended by the console", lock: false });
});

const events = new EventSource("events");
events.addEventListener("message", (message) => showEvent(JSON.parse(message.data)));
await refresh();
setInterval(refresh, SECOND);
