// The peer of `cargo run --release -p bench -- fanout`: rooms of `@trpc/server` over Redis, as tRPC's guide to
// subscriptions has them, with a stream per room for who comes back.
import { EventEmitter, on } from 'node:events';
import { initTRPC, tracked } from '@trpc/server';
import { createHTTPServer } from '@trpc/server/adapters/standalone';
import { Redis } from 'ioredis';
import { z } from 'zod';

const url = process.argv[2];
if (!url) throw new Error('no Redis: pass its URL as the argument');
const commands = new Redis(url);
const subscriber = new Redis(url);

const rooms = new EventEmitter().setMaxListeners(0);
subscriber.on('message', (channel, text) => {
  const { id, message } = JSON.parse(text);
  rooms.emit(channel, id, message);
});

const t = initTRPC.create();
const message = z.object({ room: z.string(), seq: z.number(), t: z.number(), text: z.string() });
const appRouter = t.router({
  chat: t.router({
    send: t.procedure.input(message).mutation(async ({ input }) => {
      const channel = `chat:${input.room}`;
      const text = JSON.stringify(input);
      const id = await commands.xadd(channel, 'MAXLEN', '~', 256, '*', 'message', text);
      await commands.publish(channel, `{"id":"${id}","message":${text}}`);
      return { ok: true };
    }),
    subscribe: t.procedure.input(z.object({ room: z.string() })).subscription(async function* ({
      input,
      signal,
    }) {
      const channel = `chat:${input.room}`;
      const events = on(rooms, channel, { signal });
      await subscriber.subscribe(channel);
      for await (const [id, data] of events) yield tracked(id, data);
    }),
  }),
});

const server = createHTTPServer({ router: appRouter, basePath: '/trpc/' });
// Connections of publishers wait while slow readers receive.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
