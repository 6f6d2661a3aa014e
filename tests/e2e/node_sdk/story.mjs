// Calls every method of the official SDK on the API at API_URL and checks the results. Uses the control API of the
// simulator at SIMULATOR_URL for actions of clients (join, leave) and for time.
import assert from "node:assert/strict";
import { all, claims, connect, control, refused, run } from "./sdk.mjs";

const hms = connect(process.env.HMS_ACCESS_KEY, process.env.HMS_SECRET);

const join = (roomId, name, role = "host") =>
  control("POST", `/rooms/${roomId}/peers`, { name, role, user_id: `user-${name}` });
const pass = (seconds) => control("POST", "/clock", { advance_seconds: seconds });

const ids = (items) => items.map((item) => item.id);
const distinct = (items) => new Set(ids(items)).size;

const stories = {
  async auth() {
    const { token } = await hms.auth.getManagementToken();
    assert.equal((await hms.auth.getManagementToken()).token, token);
    assert.equal(claims(token).type, "management");
    const app = await hms.auth.getAuthToken({ roomId: "room", role: "host", userId: "user" });
    assert.equal(claims(app.token).type, "app");
  },

  async rooms() {
    const room = await hms.rooms.create({ name: "from-node", description: "made by the SDK", size: 100 });
    assert.equal(room.name, "from-node");
    assert.equal((await hms.rooms.create({ name: "FROM-NODE" })).id, room.id);
    assert.ok((await hms.rooms.create()).id);
    assert.equal((await hms.rooms.retrieveById(room.id)).id, room.id);
    assert.equal((await hms.rooms.retrieveByName("from-node")).id, room.id);
    assert.equal((await hms.rooms.update(room.id, { description: "changed" })).description, "changed");
    assert.equal((await hms.rooms.enableOrDisable(room.id, false)).enabled, false);
    assert.equal((await hms.rooms.enableOrDisable(room.id, true)).enabled, true);
    for (let i = 0; i < 21; i++) await hms.rooms.create({ name: `room-${i}` });
    assert.equal(distinct(await all(hms.rooms.list())), 23);
    assert.equal(distinct(await all(hms.rooms.list({ limit: 20 }))), 23);
    await refused(404, () => hms.rooms.retrieveById("63dc9d7ec1d1b2b3d4e5f6a7"));
    await refused(400, () => hms.rooms.create({ size: 30000 }));
  },

  async roomCodes() {
    const room = await hms.rooms.create();
    const codes = await hms.roomCodes.create(room.id);
    assert.deepEqual(codes.map((code) => code.role).sort(), ["guest", "host"]);
    const again = await all(hms.roomCodes.list(room.id));
    assert.deepEqual(new Set(again.map((code) => code.code)), new Set(codes.map((code) => code.code)));
    assert.equal((await hms.roomCodes.createForRole(room.id, "host")).role, "host");
    assert.equal((await hms.roomCodes.enableOrDisable(codes[0].code, false)).enabled, false);
    const disabled = await all(hms.roomCodes.list(room.id, { enabled: false }));
    assert.deepEqual(disabled.map((code) => code.code), [codes[0].code]);
    await refused(404, () => hms.roomCodes.createForRole(room.id, "no-such-role"));
  },

  async activeRooms() {
    const room = await hms.rooms.create();
    await refused(404, () => hms.activeRooms.retrieve(room.id));
    const ann = await join(room.id, "ann");
    const bob = await join(room.id, "bob", "guest");
    assert.equal((await hms.activeRooms.retrieve(room.id)).id, room.id);
    const peers = await hms.activeRooms.retrieveActivePeers(room.id);
    assert.deepEqual(Object.keys(peers).sort(), [ann.id, bob.id].sort());
    assert.equal((await hms.activeRooms.retrievePeerDetails(room.id, ann.id)).name, "ann");
    const updated = await hms.activeRooms.updatePeer(room.id, bob.id, { name: "robert", role: "host" });
    assert.equal(updated.name, "robert");
    await refused(400, () => hms.activeRooms.removePeer(room.id, {}));
    await hms.activeRooms.sendMessage(room.id, { message: "hello", peer_id: ann.id });
    await hms.activeRooms.removePeer(room.id, { peer_id: bob.id, reason: "done" });
    assert.deepEqual(Object.keys(await hms.activeRooms.retrieveActivePeers(room.id)), [ann.id]);
    await hms.activeRooms.end(room.id, { reason: "over", lock: true });
    await refused(404, () => hms.activeRooms.retrieve(room.id));
    assert.equal((await hms.rooms.retrieveById(room.id)).enabled, false);
  },

  async sessions() {
    const room = await hms.rooms.create();
    for (let i = 0; i < 23; i++) {
      const peer = await join(room.id, `peer-${i}`);
      if (i < 22) await control("DELETE", `/rooms/${room.id}/peers/${peer.id}`);
    }
    assert.equal(distinct(await all(hms.sessions.list({ room_id: room.id }))), 23);
    assert.equal(distinct(await all(hms.sessions.list({ room_id: room.id, limit: 20 }))), 23);
    assert.equal((await all(hms.sessions.list({ room_id: room.id, active: false }))).length, 22);
    const active = await hms.sessions.retrieveActiveByRoom(room.id);
    assert.equal(active.room_id, room.id);
    assert.equal((await hms.sessions.retrieveById(active.id)).id, active.id);
  },

  async recordings() {
    const room = await hms.rooms.create();
    await join(room.id, "ann");
    const job = await hms.recordings.start(room.id, { meeting_url: "https://example.com/meeting", resolution: { width: 1280, height: 720 } });
    assert.equal(job.status, "starting");
    await pass(60);
    assert.equal((await hms.recordings.retrieve(job.id)).status, "running");
    assert.deepEqual(ids(await all(hms.recordings.list({ room_id: room.id }))), [job.id]);
    assert.equal((await hms.recordings.stop(job.id)).status, "stopping");
    await pass(3600);
    assert.equal((await hms.recordings.retrieve(job.id)).status, "completed");
    const other = await hms.recordings.start(room.id, { meeting_url: "https://example.com/meeting" });
    assert.deepEqual(ids(await hms.recordings.stopAll(room.id)), [other.id]);
    await pass(3600);

    const assets = await all(hms.recordingAssets.list({ room_id: room.id }));
    assert.ok(assets.length > 0);
    assert.equal((await hms.recordingAssets.retrieve(assets[0].id)).id, assets[0].id);
    assert.match((await hms.recordingAssets.generatePreSignedURL(assets[0].id)).url, /^https?:/);
  },

  async externalStreams() {
    const room = await hms.rooms.create();
    await join(room.id, "ann");
    const stream = await hms.externalStreams.start(room.id, {
      meeting_url: "https://example.com/meeting",
      rtmp_urls: ["rtmps://example.com/live"],
    });
    await pass(60);
    assert.equal((await hms.externalStreams.retrieve(stream.id)).status, "running");
    assert.deepEqual(ids(await all(hms.externalStreams.list({ room_id: room.id }))), [stream.id]);
    assert.equal((await hms.externalStreams.stop(stream.id)).id, stream.id);
    await pass(3600);
    const other = await hms.externalStreams.start(room.id, {
      meeting_url: "https://example.com/meeting",
      rtmp_urls: ["rtmps://example.com/live"],
    });
    assert.deepEqual(ids(await hms.externalStreams.stopAll(room.id)), [other.id]);
    await refused(400, () => hms.externalStreams.start(room.id, { rtmp_urls: [] }));
  },

  async liveStreams() {
    const room = await hms.rooms.create();
    await join(room.id, "ann");
    const stream = await hms.liveStreams.start(room.id, { meeting_url: "https://example.com/meeting" });
    assert.match(stream.playback.url, /^https:/);
    await pass(60);
    assert.equal((await hms.liveStreams.retrieve(stream.id)).status, "running");
    assert.equal((await hms.liveStreams.sendTimedMetadata(stream.id, { payload: "goal", duration: 2 })).id, stream.id);
    await refused(400, () => hms.liveStreams.sendTimedMetadata(stream.id, { payload: "x".repeat(101) }));
    assert.equal((await hms.liveStreams.pauseRecording(stream.id)).id, stream.id);
    assert.equal((await hms.liveStreams.resumeRecording(stream.id)).id, stream.id);
    assert.deepEqual(ids(await all(hms.liveStreams.list({ room_id: room.id }))), [stream.id]);
    assert.equal((await hms.liveStreams.stop(stream.id)).id, stream.id);
    await pass(3600);
    const other = await hms.liveStreams.start(room.id, { meeting_url: "https://example.com/meeting" });
    assert.deepEqual(ids(await hms.liveStreams.stopAll(room.id)), [other.id]);
  },

  async analytics() {
    const room = await hms.rooms.create();
    for (const type of ["track.add.success", "track.remove.success", "beam.recording.success"]) {
      await control("POST", "/events", { type, room_id: room.id });
    }
    const tracks = await all(
      hms.analytics.listTrackEvents({ room_id: room.id, type: ["track.add.success", "track.remove.success"] }),
    );
    assert.deepEqual(tracks.map((event) => event.type).sort(), ["track.add.success", "track.remove.success"]);
    const recordings = await all(
      hms.analytics.listRecordingEvents({ room_id: room.id, type: ["beam.recording.success"] }),
    );
    assert.deepEqual(recordings.map((event) => event.type), ["beam.recording.success"]);
  },

  async api() {
    const template = await hms.api.post("/templates", { name: "from-node", roles: { speaker: { name: "speaker" } } });
    assert.equal((await hms.api.get(`/templates/${template.id}`)).name, "from-node");
    assert.equal((await hms.api.get("/templates", { limit: 10 })).limit, 10);
  },
};

await run(stories);
