// Begins to connect before anything else has come; connection.js goes on from there.
globalThis.earlySocket = io({
  transports: ['websocket'],
  reconnectionDelay: 300,
  reconnectionDelayMax: 4000,
});
