import { describe, expect, it } from 'vitest';
import { formatConfig, parseConfig } from './config-text';

const message = (text: string) => {
  const parsed = parseConfig(text);
  return parsed.ok ? undefined : parsed.message;
};

describe('parseConfig', () => {
  it('reads an object, and an empty text as the empty one', () => {
    const text = '{"face": {"hands": [1, null, true]}}';
    expect(parseConfig(text)).toMatchObject({
      ok: true,
      config: { face: { hands: [1, null, true] } },
    });
    expect(parseConfig(' \n')).toEqual({ ok: true, config: {}, sizeBytes: 2 });
  });

  it.each(['[]', '3', 'null', '"text"'])('wants an object, not %s', (text) => {
    expect(message(text)).toContain('is an object');
  });

  it('points at the line of a mistake', () => {
    expect(message('{\n  "a": 1,\n  b: 2\n}')).toContain('line 3, column 3');
  });

  it.each(['{', '{"a": x}', "{'a': 1}", '{"a": 1,}'])('explains what is not JSON: %s', (text) => {
    expect(message(text)).toContain('not JSON yet');
  });

  it('counts bytes of compact JSON, as the server does', () => {
    expect(parseConfig('{ "a": "xy" }')).toMatchObject({ sizeBytes: 10 });
    expect(parseConfig('{"a": "éé"}')).toMatchObject({ sizeBytes: 12 });
  });
});

it('formatConfig writes what parseConfig reads', () => {
  const config = { face: 'round', hands: [{ length: 3 }] };
  expect(parseConfig(formatConfig(config))).toMatchObject({ ok: true, config });
});
