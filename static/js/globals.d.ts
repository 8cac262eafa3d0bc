// What the scripts that are not modules put on the page.
import type { io as connect, Socket } from 'socket.io-client';
import type Plot from 'uplot';

declare global {
  const io: typeof connect;
  const uPlot: typeof Plot;
  var earlySocket: Socket;
}
