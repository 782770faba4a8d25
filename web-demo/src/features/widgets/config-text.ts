import type { JsonValue, Widget } from '@tintype/bindings/api';

/** A configuration: any JSON object. */
export type Config = Widget['config'];

/** What became of a text: a configuration, or a sentence about what is wrong with it. */
export type ParsedConfig =
  | { ok: true; config: Config; sizeBytes: number }
  | { ok: false; message: string };

/** Reads the text of a configuration; an empty text is the empty configuration. */
export function parseConfig(text: string): ParsedConfig {
  let json: JsonValue;
  try {
    json = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    return { ok: false, message: explainSyntax(text, error) };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return {
      ok: false,
      message: 'A configuration is an object: start it with { and end it with }.',
    };
  }
  const sizeBytes = new TextEncoder().encode(JSON.stringify(json)).length;
  return { ok: true, config: json, sizeBytes };
}

/** The text in which a configuration is shown for editing. */
export function formatConfig(config: Config): string {
  return JSON.stringify(config, null, 2);
}

/** Browsers word the message differently; where they give a position, the line is counted from it. */
function explainSyntax(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) {
    return /end of (JSON )?(input|data)/i.test(message)
      ? 'This is not JSON yet: something is missing at the end.'
      : 'This is not JSON yet: keys and texts need double quotes, and nothing follows the last entry.';
  }
  const before = text.slice(0, Number(position)).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `This is not JSON yet: look at line ${before.length}, column ${column}.`;
}
