import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node.js';
import type { Editor, Place } from './editor.ts';

type Location = { uri: string; range: { start: { line: number; character: number } } };

/** TypeScript 7, the native compiler, as a language server. */
export async function typescript7(): Promise<Editor> {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  const compiler = join(dirname(manifest), 'bin', 'tsc');
  const child = spawn(process.execPath, [compiler, '--lsp', '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/configuration', (query: { items: unknown[] }) =>
    query.items.map(() => null),
  );
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument: { definition: { linkSupport: false } } },
  });
  await connection.sendNotification('initialized', {});
  return {
    async open(file) {
      const textDocument = {
        uri: pathToFileURL(file).href,
        languageId: 'typescript',
        version: 1,
        text: readFileSync(file, 'utf8'),
      };
      await connection.sendNotification('textDocument/didOpen', { textDocument });
    },
    async definition(file, { line, column }) {
      const answer = await connection.sendRequest<Location | Location[] | null>(
        'textDocument/definition',
        {
          textDocument: { uri: pathToFileURL(file).href },
          position: { line, character: column },
        },
      );
      const locations = answer === null ? [] : Array.isArray(answer) ? answer : [answer];
      return locations.map(
        ({ uri, range }): Place => ({
          file: fileURLToPath(uri),
          position: { line: range.start.line, column: range.start.character },
        }),
      );
    },
    async close() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      connection.dispose();
      child.kill();
    },
  };
}
