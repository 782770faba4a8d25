import { z } from '../../components/zod';

/** Largest configuration the server takes, in bytes of JSON. */
export const CONFIG_BYTES = 16 * 1024;

const configSchema = z.record(z.string(), z.json());

/** A configuration: any JSON object. */
export type Config = z.infer<typeof configSchema>;

/** What became of a text: a configuration, or a sentence about what is wrong with it. */
export type ParsedConfig =
  | { ok: true; config: Config; sizeBytes: number }
  | { ok: false; message: string };

/** Reads the text of a configuration; an empty text is the empty configuration. */
export function parseConfig(text: string): ParsedConfig {
  let json: unknown;
  try {
    json = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    return { ok: false, message: explainSyntax(text, error) };
  }
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) {
    return {
      ok: false,
      message: 'A configuration is an object: start it with { and end it with }.',
    };
  }
  const sizeBytes = new TextEncoder().encode(JSON.stringify(json)).length;
  if (sizeBytes > CONFIG_BYTES) {
    const format = (bytes: number) => bytes.toLocaleString('en');
    return {
      ok: false,
      message: `That is ${format(sizeBytes)} bytes of JSON; the limit is ${format(CONFIG_BYTES)}.`,
    };
  }
  return { ok: true, config: parsed.data, sizeBytes };
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
