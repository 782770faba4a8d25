import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Message, StreamMessageReader } from 'vscode-jsonrpc/node.js';
import type { Editor, Place } from './editor.ts';

type TsServerMessage = Message & {
  type?: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  body?: { file: string; start: { line: number; offset: number } }[];
};

/** TypeScript 5.9 as editors run it: requests are lines of JSON, answers are framed like those of a language server. */
export async function typescript5(): Promise<Editor> {
  const server = createRequire(import.meta.url).resolve('typescript59/lib/tsserver.js');
  const child = spawn(process.execPath, [server, '--disableAutomaticTypingAcquisition'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const open = new Map<number, (message: TsServerMessage) => void>();
  new StreamMessageReader(child.stdout).listen((message: TsServerMessage) => {
    if (message.type === 'response' && message.request_seq !== undefined) {
      open.get(message.request_seq)?.(message);
    }
  });
  let seq = 0;
  const send = (command: string, args: object): number => {
    seq += 1;
    child.stdin.write(`${JSON.stringify({ seq, type: 'request', command, arguments: args })}\n`);
    return seq;
  };
  return {
    async open(file) {
      send('open', { file, fileContent: readFileSync(file, 'utf8') });
    },
    async definition(file, { line, column }) {
      const answer = await new Promise<TsServerMessage>((resolve) => {
        open.set(send('definition', { file, line: line + 1, offset: column + 1 }), resolve);
      });
      if (answer.success !== true) throw new Error(`tsserver: ${answer.message}`);
      return (answer.body ?? []).map(
        ({ file, start }): Place => ({
          file,
          position: { line: start.line - 1, column: start.offset - 1 },
        }),
      );
    },
    async close() {
      child.stdin.end();
      child.kill();
    },
  };
}
