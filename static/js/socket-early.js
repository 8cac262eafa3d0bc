// Opens the connection while the rest of the page still loads; connection.js takes it over.
globalThis.earlySocket = io({
  transports: ['websocket'],
  reconnectionDelay: 300,
  reconnectionDelayMax: 4000,
});
