import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demand } from './demand';
import { startServer } from './server-process';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Starts a server with a database of its own, and stops it when the tests are over. */
export default async function setUp() {
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
  const server = await startServer(binary, join(directory, 'data'));
  process.env.TINTYPE_E2E_URL = server.url;
  return async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
