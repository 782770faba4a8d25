import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A server that was started for tests. */
export type ServerProcess = { url: string; stop: () => Promise<void> };

type ServerOptions = {
  binary: string;
  dataDirectory: string;
  /** A free one by default. */
  port?: string;
  environment?: Record<string, string>;
};

// Tests sign up and in far more often from one address than people do.
const limits = {
  TINTYPE_ACCOUNT_ATTEMPTS: '100000',
  TINTYPE_ADDRESS_ATTEMPTS: '100000',
  TINTYPE_REGISTRATIONS: '100000',
};

/** What the shell says about servers is not for this one: it would use another database, say. */
function inherited() {
  const isSetting = (name: string) => /^(TINTYPE_|LIVEKIT_|DATABASE_URL$|PORT$)/.test(name);
  // Where PostgreSQL's programs and sockets are is the machine's affair, not the server's.
  const isMachine = (name: string) => /^TINTYPE_(PG_BIN|CACHE_DIR|SOCKET_DIR)$/.test(name);
  const keep = (name: string) => isMachine(name) || !isSetting(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => keep(name)));
}

/** Starts the server and waits until it is ready. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { binary, dataDirectory, port = '0', environment = {} } = options;
  const server = spawn(binary, ['--port', port, '--data-dir', dataDirectory], {
    env: { ...inherited(), ...limits, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  server.stderr.on('data', (chunk) => log.push(String(chunk)));
  const exited = once(server, 'exit');

  const url = await Promise.race([
    readyLine(server.stdout),
    exited.then(() => {
      throw new Error(`the server ended before it was ready:\n${log.join('')}`);
    }),
  ]);
  return {
    url,
    stop: async () => {
      server.kill('SIGTERM');
      const [code] = await exited;
      if (code !== 0) throw new Error(`the server ended with code ${code}:\n${log.join('')}`);
    },
  };
}

async function readyLine(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /^tintype is ready: (\S+)$/.exec(line)?.[1];
    if (url !== undefined) {
      // Whatever else it prints must not fill the pipe and stop it.
      output.resume();
      return url;
    }
  }
  throw new Error('the server closed its output before it was ready');
}
