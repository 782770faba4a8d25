import type { ChatEvent, Message, Run, RunState } from '@tintype/bindings/api';
import { describe, expect, test } from 'vitest';
import { applyChange, type ChatChange, type Conversation, nothingYet } from './chat-state';

const question = (seq: number): Message =>
  ({
    id: `message ${seq}`,
    sessionId: 'session',
    seq,
    content: `question ${seq}`,
    createdAt: new Date(seq),
    role: 'user',
    author: null,
    clientMessageId: `client ${seq}`,
  }) as Message;

const answer = (seq: number, runId: string, content: string): Message =>
  ({
    id: `message ${seq}`,
    sessionId: 'session',
    seq,
    content,
    createdAt: new Date(seq),
    role: 'assistant',
    runId,
    ending: 'complete',
    provider: 'openai',
    model: 'mini',
  }) as Message;

const run = (id: string, state: RunState, reason: string | null = null): Run =>
  ({
    id,
    questionId: 'message 1',
    state,
    reason,
    provider: 'openai',
    model: 'mini',
    modelReason: '',
    fallbackFrom: null,
  }) as Run;

const delta = (runId: string, offset: number, text: string) =>
  ({ kind: 'delta', runId, offset, text }) as ChatEvent;

const after = (...changes: ChatChange[]): Conversation => changes.reduce(applyChange, nothingYet);

const begun = after(
  { kind: 'snapshot', state: { messages: [question(1)], older: null, runs: [] } },
  { kind: 'run', run: run('a', 'queued') },
  { kind: 'run', run: run('a', 'running') },
);

describe('pieces of an answer', () => {
  test('are joined by their places, and what is known is left out', () => {
    const said = [delta('a', 0, 'Good '), delta('a', 5, 'day'), delta('a', 3, 'd day!')];

    expect(said.reduce(applyChange, begun).runs[0]?.text).toBe('Good day!');
    const known = applyChange(begun, delta('a', 0, 'Good'));
    expect(applyChange(known, delta('a', 0, 'Go'))).toBe(known);
  });

  test('count as JavaScript counts', () => {
    const said = [delta('a', 0, '😀'), delta('a', 2, '!')].reduce(applyChange, begun);

    expect(said.runs[0]?.text).toBe('😀!');
    expect(said.isTorn).toBe(false);
  });

  test('with a hole before them ask for a new beginning, which mends it', () => {
    const torn = applyChange(begun, delta('a', 7, 'late'));

    expect(torn.isTorn).toBe(true);
    expect(applyChange(begun, delta('unknown', 0, 'x')).isTorn).toBe(true);
    const writing = { run: run('a', 'running'), text: 'and so late' };
    const state = { messages: [question(1)], older: null, runs: [writing] };
    const mended = applyChange(torn, { kind: 'snapshot', state });
    expect(mended).toMatchObject({ isTorn: false, runs: [writing] });
  });

  test('that come after the end are ignored', () => {
    const stopped = applyChange(begun, { kind: 'run', run: run('a', 'cancelled') });
    const answered = applyChange(begun, { kind: 'message', message: answer(2, 'a', 'Good day') });

    expect(applyChange(stopped, delta('a', 0, 'late'))).toBe(stopped);
    expect(applyChange(answered, delta('a', 0, 'late'))).toBe(answered);
  });
});

describe('an answer', () => {
  test('takes the place of its pieces, whichever comes first, its message or its end', () => {
    const said = applyChange(begun, delta('a', 0, 'Good'));
    const message = { kind: 'message', message: answer(2, 'a', 'Good day') } as const;
    const done = { kind: 'run', run: run('a', 'done') } as const;

    for (const changes of [
      [message, done],
      [done, message],
    ]) {
      const state = changes.reduce<Conversation>(applyChange, said);
      expect(state.runs).toEqual([]);
      expect(state.messages.map(({ content }) => content)).toEqual(['question 1', 'Good day']);
    }
    expect(applyChange(said, done).runs[0]?.text).toBe('Good');
  });

  test('that failed keeps its reason', () => {
    const failed = applyChange(begun, { kind: 'run', run: run('a', 'failed', 'no connection') });

    expect(failed.runs[0]?.run.reason).toBe('no connection');
  });
});

test('messages are in their order and each there once', () => {
  const messages = [question(3), question(2), question(3)];
  const state = messages
    .map((message): ChatChange => ({ kind: 'message', message }))
    .reduce(applyChange, begun);

  expect(state.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('older messages come before the others', () => {
  const older = { kind: 'older', messages: [question(0), question(1)], older: 'more' } as const;
  const state = applyChange(begun, older);

  expect(state.messages.map(({ seq }) => seq)).toEqual([0, 1]);
  expect(state.older).toBe('more');
});

test('who is there comes and goes', () => {
  const member = (id: string) => ({ id, data: { id, name: id } });
  const presence = (presence: object) => ({ kind: 'presence', presence }) as ChatEvent;
  const here = applyChange(
    begun,
    presence({ kind: 'here', members: [member('ada'), member('bo')] }),
  );
  const joined = applyChange(here, presence({ kind: 'joined', member: member('ada') }));
  const left = applyChange(joined, presence({ kind: 'left', member: member('bo') }));

  expect(joined.viewers.map(({ name }) => name)).toEqual(['bo', 'ada']);
  expect(left.viewers.map(({ name }) => name)).toEqual(['ada']);
});

test('a deletion ends it, and a gap asks for a new beginning', () => {
  expect(applyChange(begun, { kind: 'deleted' }).phase).toBe('deleted');
  expect(applyChange(begun, { kind: 'gap' }).isTorn).toBe(true);
});
