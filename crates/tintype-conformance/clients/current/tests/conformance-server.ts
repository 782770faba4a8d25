import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the conformance server answers, for example `http://127.0.0.1:4010`. */
    server: string;
  }
}

/** Starts the conformance server on a free port, and stops it when the tests are over. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const program = process.env.TINTYPE_CONFORMANCE_BIN;
  if (program === undefined) {
    throw new Error(
      'TINTYPE_CONFORMANCE_BIN is not set: run `cargo xtask test --only clients`, which builds the server',
    );
  }
  const server = spawn(program, ['--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /^listening on (http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) {
      project.provide('server', address);
      break;
    }
  }
  if (server.exitCode !== null) {
    throw new Error('the conformance server ended before it listened');
  }
  return async () => {
    server.kill();
    await ended;
  };
}
