// What the vendored libraries put on the page.
import type { io as connect, Socket } from 'socket.io-client';
import type Plot from 'uplot';

declare global {
  const io: typeof connect;
  var earlySocket: Socket;
  const uPlot: typeof Plot;
}
