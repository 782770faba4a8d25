import { http, type Tracked, type Transport } from '@tintype/client';
import { webSocket } from '@tintype/client/websocket';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  replaceServer,
  startServer,
} from '../../../../crates/tintype-conformance/clients/current/tests/conformance-server.ts';
import type { Step } from './api.ts';
import { connect, eventually, notes } from './server.ts';

const SUBSCRIBERS = 20;
const EVENTS = 600;

const transports: Record<string, (address: string) => Transport> = {
  'event streams': () => http,
  WebSockets: (address) => {
    const transport = webSocket({
      url: `${address.replace(/^http/, 'ws')}/trpc`,
      // The type of the browser's class is wider than the part that is used.
      WebSocket: Object(WebSocket),
    });
    onTestFinished(() => transport.close());
    return transport;
  },
};

describe.each(Object.entries(transports))('a restart of the server under %s', (_, transport) => {
  test('costs subscribers nothing, and they come back one after the other', async () => {
    const first = await startServer('--port', '0', '--drain-ms', '1500');
    const watched = Array.from({ length: SUBSCRIBERS }, () => {
      const { seen, callbacks } = notes<Tracked<Step>>();
      const lost: number[] = [];
      const api = connect({
        url: `${first.address}/trpc`,
        transport: transport(first.address),
        retryDelayMs: 50,
      });
      const stop = api.sub.tracked.subscribe(
        { to: EVENTS, delayMs: 5 },
        {
          ...callbacks,
          onState(state) {
            if (state === 'reconnecting') {
              lost.push(Date.now());
            }
          },
        },
      );
      onTestFinished(() => stop());
      return { seen, lost };
    });
    await eventually(() => watched.every(({ seen }) => seen.data.length > 3), true);

    const second = await replaceServer(first);
    onTestFinished(() => second.stop());

    await expect
      .poll(() => watched.every(({ seen }) => seen.completed === 1), { timeout: 40_000 })
      .toBe(true);
    for (const { seen } of watched) {
      expect(seen.errors).toEqual([]);
      expect(seen.data.map(({ id }) => id)).toEqual(
        Array.from({ length: EVENTS }, (_, index) => `${index + 1}`),
      );
    }
    const moments = watched.map(({ lost }) => lost[0] ?? 0).sort((a, b) => a - b);
    console.log(`sent away within ${(moments.at(-1) ?? 0) - (moments[0] ?? 0)} ms`);
    expect(new Set(moments).size, 'they were sent away together').toBeGreaterThan(8);
  }, 60_000);
});
