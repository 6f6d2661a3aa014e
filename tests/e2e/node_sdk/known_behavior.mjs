// What the official SDK does that callers must know and no server can change. docs/calling.md describes each.
import assert from "node:assert/strict";
import { all, claims, connect, control, refused, run } from "./sdk.mjs";

const { HMS_ACCESS_KEY, HMS_SECRET, CLIENT_ACCESS_KEY, CLIENT_SECRET } = process.env;
const app = connect(HMS_ACCESS_KEY, HMS_SECRET);
const client = connect(CLIENT_ACCESS_KEY, CLIENT_SECRET);

async function countRequests(hms, call) {
  let sent = 0;
  const counter = hms.api.axios.interceptors.request.use((config) => (sent++, config));
  await call();
  hms.api.axios.interceptors.request.eject(counter);
  return sent;
}

async function lastQuery() {
  const { requests } = await control("GET", "/requests");
  return new URLSearchParams(requests.at(-1).query);
}

await run({
  async aJoinTokenOfAClientKeyIsUnknownTo100ms() {
    const room = await app.rooms.create();
    const user = { roomId: room.id, role: "host", userId: "user-1" };
    const { token: signed } = await client.auth.getAuthToken(user);
    assert.equal(claims(signed).access_key, CLIENT_ACCESS_KEY);
    const { token: minted } = await client.api.post("/token", user);
    assert.equal(claims(minted).access_key, HMS_ACCESS_KEY);
    assert.equal(claims(minted).room_id, room.id);
    assert.equal(await dtmf(signed), 401);
    assert.notEqual(await dtmf(minted), 401);
  },

  async theAnalyticsIteratorStopsAfterAPage() {
    const room = await app.rooms.create();
    const filters = { room_id: room.id, type: ["track.add.success"] };
    for (let i = 0; i < 12; i++) await control("POST", "/events", { type: "track.add.success", room_id: room.id });
    assert.equal((await all(app.analytics.listTrackEvents({ ...filters }))).length, 10);
    const first = await app.api.get("/analytics/events", filters);
    const second = await app.api.get("/analytics/events", { ...filters, start: first.next });
    assert.deepEqual([first.events.length, second.events.length], [10, 2]);
  },

  async aRefusedCallIsSentTwice() {
    const unknown = connect(HMS_ACCESS_KEY, "another-secret");
    assert.equal(await countRequests(unknown, () => refused(401, () => unknown.rooms.create())), 2);
    assert.equal(await countRequests(client, () => refused(403, () => client.rooms.create())), 2);
    assert.equal(await countRequests(app, () => refused(404, () => app.rooms.retrieveById("no-such-room"))), 1);
  },

  async aDateFilterIsDropped() {
    const after = new Date("2026-01-01T00:00:00Z");
    await all(app.sessions.list({ after }));
    assert.equal((await lastQuery()).has("after"), false);
    await app.api.get("/sessions", { after: after.toISOString() });
    assert.equal((await lastQuery()).get("after"), after.toISOString());
  },
});

async function dtmf(token) {
  const response = await fetch(`${process.env.SIMULATOR_URL}/v2/sip/dtmf`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ digits: "1" }),
  });
  return response.status;
}
