import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server that can break. */
export interface BreakingProxy {
  readonly url: string;
  /** How many connections there have been. */
  readonly connections: number;
  /** Destroys every connection, in the middle of whatever it carries. */
  cut(): void;
  /** From now on nothing gets through, and no connection closes. */
  freeze(): void;
}

/** Listens for the rest of the test, and passes bytes on to `target`. */
export async function breakingProxy(target: string): Promise<BreakingProxy> {
  const { hostname, port, protocol, pathname } = new URL(target);
  const sockets = new Set<Socket>();
  let connections = 0;
  let isFrozen = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    connections += 1;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => isFrozen || to.write(new Uint8Array(bytes)));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const cut = (): void => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    cut();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) {
    throw new Error('the proxy has no address');
  }
  return {
    url: `${protocol}//127.0.0.1:${address.port}${pathname}`,
    get connections() {
      return connections;
    },
    cut,
    freeze: () => {
      isFrozen = true;
    },
  };
}
