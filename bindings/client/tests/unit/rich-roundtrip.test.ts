import { type Node, richTypes } from '@tintype/client/rich';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** A node and a value of its type. */
type Typed = readonly [Node, unknown];

const name = fc.string({ maxLength: 6 }).filter((text) => text !== '__proto__');

const scalar: fc.Arbitrary<Typed> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }).map((value): Typed => [0, JSON.parse(JSON.stringify(value))]),
  fc.date({ noInvalidDate: true }).map((value): Typed => ['d', value]),
  fc.bigInt().map((value): Typed => ['n', value]),
  fc.uint8Array().map((value): Typed => ['b', new Uint8Array(value)]),
  fc.double().map((value): Typed => ['f', Object.is(value, -0) ? 0 : value]),
);

const { typed } = fc.letrec<{ typed: Typed }>((tie) => ({
  typed: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    scalar.map(([node]): Typed => [node, null]),
    // One node for all elements: each is the same value, or none.
    fc
      .tuple(tie('typed'), fc.array(fc.boolean(), { maxLength: 4 }))
      .map(
        ([[node, value], present]): Typed => [
          ['a', node],
          present.map((is) => (is ? value : null)),
        ],
      ),
    fc
      .array(tie('typed'), { maxLength: 4 })
      .map(
        (items): Typed => [['t', ...items.map(([node]) => node)], items.map(([, value]) => value)],
      ),
    fc
      .tuple(tie('typed'), fc.uniqueArray(name, { maxLength: 4 }))
      .map(
        ([[node, value], keys]): Typed => [
          ['m', node],
          Object.fromEntries(keys.map((key) => [key, value])),
        ],
      ),
    fc
      .dictionary(name, tie('typed'), { maxKeys: 4, noNullPrototype: true })
      .map((fields): Typed => {
        const entries = Object.entries(fields);
        return [
          ['o', Object.fromEntries(entries.map(([key, [node]]) => [key, node]))],
          Object.fromEntries(entries.map(([key, [, value]]) => [key, value])),
        ];
      }),
    fc
      .tuple(scalar, tie('typed'))
      .map(
        ([[key, keyValue], [item, itemValue]]): Typed => [
          ['e', key, item],
          new Map([[keyValue, itemValue]]),
        ],
      ),
    tie('typed').map(([node, value]): Typed => [['s', node], new Set([value])]),
    fc
      .tuple(name, tie('typed'))
      .map(
        ([variant, [node, value]]): Typed => [
          ['u', 'kind', { [variant]: ['o', { value: node }] }],
          { kind: variant, value },
        ],
      ),
    fc
      .tuple(tie('typed'), tie('typed'))
      .map(
        ([[one, a], [two, b]]): Typed => [['i', ['o', { a: one }], ['o', { b: two }]], { a, b }],
      ),
  ),
}));

test('what is written is read as what it was', () => {
  fc.assert(
    fc.property(typed, fc.boolean(), ([node, value], isShared) => {
      const types = isShared ? richTypes([0, node], { p: [2] }) : richTypes([], { p: [node] });

      const text = types.encode(value);

      expect(types.decode('p', JSON.parse(`${text}`))).toEqual(value);
    }),
    { numRuns: 2000 },
  );
});

test('whatever comes is read or refused, and nothing else is thrown', () => {
  fc.assert(
    fc.property(typed, fc.jsonValue(), ([node], value) => {
      const types = richTypes([], { p: [node] });
      try {
        types.decode('p', value);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ApiError', code: 'MALFORMED', path: 'p' });
      }
    }),
    { numRuns: 2000 },
  );
});
