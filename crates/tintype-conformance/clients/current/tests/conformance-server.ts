import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the conformance server answers, for example `http://127.0.0.1:4010`. */
    server: string;
  }
}

/** A conformance server of a test's own. */
export interface Server {
  readonly address: string;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

/** Starts a conformance server with further `options`. */
export async function startServer(...options: string[]): Promise<Server> {
  const program = process.env.TINTYPE_CONFORMANCE_BIN;
  if (program === undefined) {
    throw new Error(
      'TINTYPE_CONFORMANCE_BIN is not set: run `cargo xtask test --only clients`, which builds the server',
    );
  }
  const server = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /^listening on (http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) {
      return {
        address,
        async stop() {
          server.kill();
          await ended;
        },
      };
    }
  }
  throw new Error('the conformance server ended before it listened');
}

/** Stops a server, and starts another one at its address as soon as that is free. */
export async function replaceServer(server: Server): Promise<Server> {
  const stopped = server.stop();
  const isListening = () =>
    fetch(server.address).then(
      () => true,
      () => false,
    );
  while (await isListening()) {
    await setTimeout(10);
  }
  const next = await startServer('--port', new URL(server.address).port);
  await stopped;
  return next;
}

/** Starts the conformance server on a free port, and stops it when the tests are over. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer('--port', '0');
  project.provide('server', server.address);
  return () => server.stop();
}
