// Official tRPC clients that listen to one topic each and move from server to server, as `chaos/src/clients/roaming.rs`
// does. The first line of standard input says who and where, each further line what to do; standard output has a line
// for every event.

import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTRPCUntypedClient,
  createWSClient,
  httpSubscriptionLink,
  wsLink,
} from '@trpc/client';
import { EventSource } from 'eventsource';
import { WebSocket } from 'ws';

/**
 * @typedef {{ index: number, path: string, input: object, socket: boolean, cookie?: string }} Description
 * @typedef {{ seed: number, ports: number[], clients: Description[], stayMs: [number, number], gatherMs: number }} World
 * @typedef {{ phase: 'storm' | 'calm', isThirdAway: boolean }} Order
 */

/**
 * Numbers from 0 to 1 that the seed decides (mulberry32).
 *
 * @param {number} seed
 */
function randomFrom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** @type {World} */
const world = JSON.parse((await lines.next()).value);

/** @type {Order} */
let order = { phase: 'storm', isThirdAway: false };

/**
 * What ends the waiting of each client.
 *
 * @type {Set<AbortController>}
 */
const waiting = new Set();

/** Longer than any run. */
const FOREVER_MS = 2 ** 31 - 1;

/** @param {Description} client */
async function roam(client) {
  const random = randomFrom(world.seed + client.index);
  /** @param {number} from @param {number} to */
  const between = (from, to) => from + random() * (to - from);
  /** @type {string | undefined} */
  let cursor;
  for (;;) {
    const { phase, isThirdAway } = order;
    if (isThirdAway && client.index % 3 === 0) {
      await stay(FOREVER_MS);
      continue;
    }
    const isCalm = phase === 'calm';
    if (isCalm) {
      await sleep(between(0, world.gatherMs));
    }
    const server = isCalm ? client.index : Math.floor(random() * world.ports.length);
    const port = world.ports[server % world.ports.length] ?? 0;
    await stay(isCalm ? FOREVER_MS : between(...world.stayMs), (onLost) =>
      listen(client, port, cursor, {
        onEvent: (id, data) => {
          cursor = id;
          process.stdout.write(`${JSON.stringify({ client: client.index, id, data })}\n`);
        },
        onLost,
      }),
    );
    await sleep(between(5, 50));
  }
}

/**
 * Waits until the time is over, the connection is lost, or there are new orders.
 *
 * @param {number} ms
 * @param {(onLost: () => void) => () => void} begin begins what goes on meanwhile, and says how it is ended
 */
async function stay(ms, begin = () => () => {}) {
  const controller = new AbortController();
  waiting.add(controller);
  const end = begin(() => controller.abort());
  await sleep(ms, undefined, { signal: controller.signal }).catch(() => {});
  end();
  waiting.delete(controller);
}

/**
 * Subscribes through a link of its own.
 *
 * @param {Description} client
 * @param {number} port
 * @param {string | undefined} lastEventId
 * @param {{ onEvent: (id: string, data: unknown) => void, onLost: () => void }} on
 * @returns {() => void} ends the subscription
 */
function listen({ path, input, socket, cookie }, port, lastEventId, on) {
  const url = `//127.0.0.1:${port}/trpc`;
  const wsClient = socket
    ? createWSClient({
        url: `ws:${url}`,
        WebSocket: /** @type {any} */ (WebSocket),
        retryDelayMs: () => 200,
      })
    : undefined;
  const link = wsClient
    ? wsLink({ client: wsClient })
    : httpSubscriptionLink({
        url: `http:${url}`,
        EventSource,
        ...(cookie && { eventSourceOptions: { fetch: withCookie(cookie) } }),
      });
  let isOver = false;
  const subscription = createTRPCUntypedClient({ links: [link] }).subscription(
    path,
    lastEventId === undefined ? input : { ...input, lastEventId },
    {
      onData: (event) => {
        if (!isOver) {
          const { id, data } = /** @type {{ id: string, data: unknown }} */ (event);
          on.onEvent(id, data);
        }
      },
      onError: on.onLost,
      onConnectionStateChange: ({ state, error }) => {
        // Applications may move too, and the link itself would wait longer before it tries again.
        if (state === 'connecting' && error) {
          on.onLost();
        }
      },
    },
  );
  return () => {
    isOver = true;
    subscription.unsubscribe();
    wsClient?.close();
  };
}

/**
 * What sends a cookie along, as a browser would.
 *
 * @param {string} cookie
 * @returns {(url: string | URL, init: RequestInit) => Promise<Response>}
 */
function withCookie(cookie) {
  return (url, init) => fetch(url, { ...init, headers: { ...init.headers, cookie } });
}

for (const client of world.clients) {
  void roam(client);
}
for await (const line of lines) {
  order = JSON.parse(line);
  for (const controller of waiting) {
    controller.abort();
  }
}
// Whoever gave the orders is gone.
process.exit(0);
