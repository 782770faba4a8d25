import { startServer } from './server-process';
import { workbench } from './workbench';

/** Starts a server with a database of its own, and stops it when the tests are over. */
export default async function setUp() {
  const { binary, dataDirectory, clear } = await workbench();
  const server = await startServer({ binary, dataDirectory });
  process.env.TINTYPE_E2E_URL = server.url;
  return async () => {
    await server.stop();
    await clear();
  };
}
