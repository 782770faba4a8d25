import { eventsOf, http, safe } from '@tintype/client';
import { type ProcedureNodes, richTypes } from '@tintype/client/rich';
import { uploads } from '@tintype/client/upload';
import { expect, test } from 'vitest';
import { type ConnectOptions, collect, connect, failure, recorder } from './server.ts';

const rich = (procedures: Record<string, ProcedureNodes>, options: ConnectOptions = {}) =>
  connect({ rich: richTypes([], procedures), ...options });

const EVENT_STREAM = { headers: { 'content-type': 'text/event-stream' } };
const DAY = '2026-01-02T00:00:00.000Z';

test('inputs and outputs are what they are in JavaScript', async () => {
  const api = rich({ echo: [['o', { input: ['o', { at: 'd', count: 'n' }] }]] });
  const input = { at: new Date(DAY), count: 2n ** 70n };

  expect(await api.echo.query(input)).toEqual({ present: true, input });
});

test('what does not fit the contract fails its call, and no other call of the batch', async () => {
  const { sent, fetch } = recorder();
  const api = rich({ ping: ['d'] }, { fetch });

  const [before, misfit, after] = await Promise.all([
    safe(api.a.b.c.leaf.query()),
    safe(api.ping.query()),
    safe(api.a.b.c.leaf.query()),
  ]);

  expect([before[0], after[0]]).toEqual(['a.b.c.leaf', 'a.b.c.leaf']);
  expect(misfit[1]).toMatchObject({ code: 'MALFORMED', path: 'ping' });
  expect(sent.length).toBe(1);
});

test('the error of a procedure is read too, and one that does not fit is malformed', async () => {
  const answer = (at: string) => ({
    fetch: async () =>
      new Response(
        JSON.stringify({ error: { message: 'no', data: { code: 'CONFLICT', error: { at } } } }),
      ),
  });
  const procedures: Record<string, ProcedureNodes> = { ping: [0, ['o', { at: 'd' }]] };

  const error = await failure(rich(procedures, answer(DAY)).ping.query());
  const misfit = await failure(rich(procedures, answer('never')).ping.query());

  expect(error).toMatchObject({ code: 'CONFLICT', message: 'no', error: { at: new Date(DAY) } });
  expect(misfit).toMatchObject({ code: 'MALFORMED', path: 'ping' });
});

test('events are read once each, also after a reconnect', async () => {
  const bodies = [`id: 1\ndata: "${DAY}"\n\n`, `data: "${DAY}"\n\nevent: return\ndata: \n\n`];
  const fetch = async () => new Response(bodies.shift() ?? null, EVENT_STREAM);

  const events = await collect(eventsOf(rich({ 'sub.values': ['d'] }, { fetch }).sub.values));

  const event = { id: '1', data: new Date(DAY) };
  expect(events).toEqual([event, event]);
});

test('bytes are the body where uploads are asked for', async () => {
  const api = rich({}, { transport: uploads(http) });

  expect(await api.form.octet.mutate(new Uint8Array([1, 2]))).toEqual({ length: 2, sum: 3 });
});
