import { ApiError } from '@tintype/client';
import { type Node, type ProcedureNodes, richTypes } from '@tintype/client/rich';
import { describe, expect, test } from 'vitest';

/** What a procedure gives whose output is `node`. */
function decode(node: Node, value: unknown, nodes: readonly Node[] = []): unknown {
  return richTypes(nodes, { 'a.b': [node] }).decode('a.b', value);
}

/** The message with which a value is refused. */
function refusal(node: Node, value: unknown, nodes: readonly Node[] = []): string {
  try {
    decode(node, value, nodes);
  } catch (error) {
    if (error instanceof ApiError) {
      expect(error).toMatchObject({ code: 'MALFORMED', path: 'a.b' });
      return error.message;
    }
    throw error;
  }
  throw new Error(`${JSON.stringify(value)} was accepted`);
}

const { encode } = richTypes([], {});

describe('reading', () => {
  test.each<[Node, unknown, unknown]>([
    [0, { a: 'text' }, { a: 'text' }],
    ['d', '2020-01-02T03:04:05.678901234Z', new Date('2020-01-02T03:04:05.678Z')],
    ['d', '2020-01-02T03:04:05+02:00', new Date('2020-01-02T01:04:05Z')],
    ['d', '+012020-01-02T03:04:05Z', new Date('+012020-01-02T03:04:05Z')],
    ['n', '-123456789012345678901234567890', -123456789012345678901234567890n],
    ['b', '', new Uint8Array()],
    ['b', 'AAH+/w==', new Uint8Array([0, 1, 254, 255])],
    ['f', 1.5, 1.5],
    ['f', 'NaN', Number.NaN],
    ['f', 'Infinity', Number.POSITIVE_INFINITY],
    ['f', '-Infinity', Number.NEGATIVE_INFINITY],
    [
      ['a', 'n'],
      ['1', null, '2'],
      [1n, null, 2n],
    ],
    [
      ['t', 0, 'n'],
      ['1', '2'],
      ['1', 2n],
    ],
    [['m', 'n'], { a: '1', b: '2' }, { a: 1n, b: 2n }],
    [['e', 'n', 'd'], [['1', null]], new Map([[1n, null]])],
    [['s', 'n'], ['1', '1', '2'], new Set([1n, 2n])],
    [['o', { a: 'n', gone: 'd' }], { a: '1', b: '2' }, { a: 1n, b: '2' }],
    [
      ['u', 'kind', { big: ['o', { value: 'n' }] }],
      { kind: 'big', value: '1' },
      { kind: 'big', value: 1n },
    ],
    [
      ['u', 'kind', { big: ['o', { value: 'n' }] }],
      { kind: 'text', value: '1' },
      { kind: 'text', value: '1' },
    ],
    [['i', ['o', { a: 'n' }], ['o', { b: 'd' }]], { a: '1', b: null }, { a: 1n, b: null }],
  ])('%j makes of %j what it is', (node, value, expected) => {
    expect(decode(node, structuredClone(value))).toEqual(expected);
    expect(decode(node, null)).toBeNull();
    expect(decode(node, undefined)).toBeUndefined();
  });

  test('nodes may be shared and name themselves', () => {
    const tree: Node = ['o', { at: 'd', children: ['a', 1] }];
    const text = '2020-01-02T03:04:05Z';

    expect(decode(1, { at: text, children: [{ at: text, children: [] }] }, [tree])).toEqual({
      at: new Date(text),
      children: [{ at: new Date(text), children: [] }],
    });
  });

  test('errors have nodes of their own, and procedures without nodes have nothing rich', () => {
    const procedures: Record<string, ProcedureNodes> = { 'a.b': [0, ['o', { until: 'd' }]] };
    const types = richTypes([], procedures);
    const text = '2020-01-02T03:04:05Z';

    expect(types.decode('a.b', { until: text })).toEqual({ until: text });
    expect(types.decode('a.b', { until: text }, true)).toEqual({ until: new Date(text) });
    expect(types.decode('constructor', { until: text }, true)).toEqual({ until: text });
    expect(types.decode('a.c', text)).toBe(text);
  });

  test('promises and iterables are read when they come', async () => {
    async function* items() {
      yield '1';
      yield '2';
    }
    const value = decode(['o', { later: 'n', items: 'n' }], {
      later: Promise.resolve('1'),
      items: items(),
    });

    const { later, items: decoded } = Object(value);
    expect(await later).toBe(1n);
    const read: unknown[] = [];
    for await (const item of decoded) {
      read.push(item);
    }
    expect(read).toEqual([1n, 2n]);
  });

  test.each<[Node, unknown, string]>([
    ['d', '2020-01-02', 'a.b: expected a date of RFC 3339, found "2020-01-02"'],
    ['d', '2020-13-02T00:00:00Z', 'a date of RFC 3339'],
    ['d', 5, 'a date of RFC 3339'],
    ['n', 5, 'an integer as text'],
    ['n', '1.5', 'an integer as text'],
    ['n', '', 'an integer as text'],
    ['b', '???=', 'bytes as base64'],
    ['b', 'AAA', 'bytes as base64'],
    ['b', 'AA=A', 'bytes as base64'],
    ['b', [1, 2], 'bytes as base64'],
    ['f', '1.5', 'a number'],
    [['a', 'n'], { 0: '1' }, 'an array'],
    [['a', ['o', { at: 'd' }]], [{ at: null }, { at: 'x' }], 'at [1].at, found "x"'],
    [['o', { a: ['m', 'n'] }], { a: { 'b c': 'x' } }, 'at a.b c, found "x"'],
    [['m', 'n'], ['1'], 'an object'],
    [['e', 0, 0], [['a']], 'a key and a value at [0]'],
    [['e', 'n', 0], [['a', 1]], 'an integer as text at [0][0]'],
    [['s', 'n'], 'text', 'an array'],
    [['u', 'kind', {}], 'text', 'an object'],
    [['o', { a: 'n' }], 'text', 'an object'],
    [3, 'x', 'type 3'],
    ['n', 'x'.repeat(500), '…'],
  ])('%j does not take %j', (node, value, expected) => {
    const message = refusal(node, value);

    expect(message).toContain(expected);
    expect(message.length).toBeLessThan(200);
  });

  test('names of the language are names like any other', () => {
    const value: unknown = JSON.parse('{"__proto__":"1","constructor":"2"}');

    const decoded = Object(decode(['m', 'n'], value));

    expect(Object.entries(decoded)).toEqual([
      ['__proto__', 1n],
      ['constructor', 2n],
    ]);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(decode(['o', Object({ toString: 'n' })], {})).toEqual({});
    expect(decode(['u', 'constructor', { x: 'n' }], {})).toEqual({});
    expect(decode(['u', 'kind', {}], { kind: 'toString' })).toEqual({ kind: 'toString' });
  });

  test('what is nested without end is refused', () => {
    let value: unknown = 'x';
    for (let depth = 0; depth < 100_000; depth += 1) {
      value = [value];
    }

    expect(refusal(1, value, [['a', 1]])).toContain('RangeError');
    expect(refusal(1, 'x', [1])).toContain('RangeError');
  });
});

describe('writing', () => {
  test.each([
    [undefined, undefined],
    [null, 'null'],
    [12345678901234567890n, '"12345678901234567890"'],
    [new Date('2020-01-02T03:04:05.678Z'), '"2020-01-02T03:04:05.678Z"'],
    [new Uint8Array([0, 1, 254, 255]), '"AAH+/w=="'],
    [Buffer.from([0, 1, 254, 255]), '"AAH+/w=="'],
    [new Uint8Array([0, 1, 254, 255]).buffer, '"AAH+/w=="'],
    [new Map([[1n, new Set([2n])]]), '[["1",["2"]]]'],
    [
      [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
      '["NaN","Infinity","-Infinity"]',
    ],
    [{ a: undefined, b: { c: 1n } }, '{"b":{"c":"1"}}'],
  ])('%o is written as the server reads it', (value, text) => {
    expect(encode(value)).toBe(text);
  });

  test('a date that is none is refused', () => {
    expect(() => encode({ at: new Date(Number.NaN) })).toThrow('at is no valid date');
  });
});
