import { access, chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a server needs to be started, apart from every other one. */
export type Workbench = {
  binary: string;
  dataDirectory: string;
  clear: () => Promise<void>;
};

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Finds what was built, and makes an empty data directory. */
export async function workbench(): Promise<Workbench> {
  const build = 'run `cargo xtask demo` once, which builds the server and the web demo';
  const binary = process.env.TINTYPE_SERVER_BIN ?? join(root, 'target/debug/tintype-server');
  await demand(binary, `the server is not built: ${build}`);
  await demand(join(root, 'web-demo/dist/index.html'), `the web demo is not built: ${build}`);
  await demand(
    process.env.CHROMIUM ?? '/usr/bin/chromium',
    'there is no Chromium: run `apt-get install chromium`, or set CHROMIUM to its path',
  );
  const directory = await mkdtemp(join(tmpdir(), 'tintype-e2e-'));
  // Under root, PostgreSQL runs as another user, who has to get through.
  await chmod(directory, 0o755);
  return {
    binary,
    dataDirectory: join(directory, 'data'),
    clear: () => rm(directory, { recursive: true, force: true }),
  };
}

async function demand(path: string, otherwise: string) {
  try {
    await access(path);
  } catch {
    throw new Error(`${path} is missing: ${otherwise}`);
  }
}
