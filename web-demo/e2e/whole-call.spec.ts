import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { test as base, expect, type Page } from '@playwright/test';
import { browser as settings } from './browser';
import { createMeeting, fakeDevices } from './meeting-server';
import { registerQuickly } from './people';
import { startServer } from './server-process';
import { workbench } from './workbench';

// Two pages see each other, over a LiveKit that carries pictures; no package registry has one.

type LiveKit = { url: string; key: string; secret: string; stop: () => void };

const binary = process.env.LIVEKIT_SERVER_BIN ?? 'livekit-server';
const isGiven = process.env.LIVEKIT_URL !== undefined;
const isInstalled = spawnSync(binary, ['--version']).status === 0;

const howToGive =
  'there is no LiveKit that carries pictures: set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET, or put livekit-server into the PATH, or its path into LIVEKIT_SERVER_BIN';

const test = base.extend<{ livekit: LiveKit }>({
  launchOptions: {
    ...settings.launchOptions,
    args: [...(settings.launchOptions?.args ?? []), ...fakeDevices],
  },
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the pattern to see what a fixture needs
  livekit: async ({}, use) => {
    const livekit = isGiven ? given() : await startLiveKit();
    await use(livekit);
    livekit.stop();
  },
});

// The list of tests shows nothing of a skipped one but its title.
const without = isGiven || isInstalled ? '' : ` (skipped: ${howToGive})`;
test.skip(without !== '', howToGive);

test(`two pages see each other${without}`, async ({ browser, livekit }) => {
  const { binary, dataDirectory, clear } = await workbench();
  const environment = {
    LIVEKIT_URL: livekit.url,
    LIVEKIT_API_KEY: livekit.key,
    LIVEKIT_API_SECRET: livekit.secret,
  };
  const server = await startServer({ binary, dataDirectory, environment });
  await using context = await browser.newContext({ baseURL: server.url });
  await registerQuickly(context, { name: 'Ada Ferrier' });
  const meeting = await createMeeting(context.request);
  const pages = [await context.newPage(), await context.newPage()];
  for (const page of pages) {
    await page.goto(`/meetings/${meeting.id}`);
    await page.getByRole('button', { name: 'Camera is off' }).click();
    await page.getByRole('button', { name: 'Join the call' }).click();
    await expect(page.getByRole('status', { name: 'Call' })).toHaveText('You are in the call', {
      timeout: 30_000,
    });
  }
  for (const page of pages) await expectMovingPictures(page, 2);

  await pages[0]?.getByRole('button', { name: 'Leave' }).click();
  for (const page of pages.slice(1)) await expectMovingPictures(page, 1);
  await server.stop();
  await clear();
});

/** Waits until so many cameras show pictures that move. */
async function expectMovingPictures(page: Page, count: number) {
  const cameras = page.getByLabel('Camera of Ada Ferrier');
  await expect(cameras).toHaveCount(count, { timeout: 30_000 });
  for (const camera of await cameras.all()) {
    const played = () =>
      camera.evaluate((element) =>
        element instanceof HTMLVideoElement && element.videoWidth > 0 ? element.currentTime : 0,
      );
    const before = await played();
    await expect.poll(played, { timeout: 30_000 }).toBeGreaterThan(before);
  }
}

function given(): LiveKit {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = process.env;
  if (url === undefined || key === undefined || secret === undefined) {
    throw new Error('LIVEKIT_URL is set: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET as well');
  }
  return { url, key, secret, stop: () => {} };
}

/** Starts LiveKit as its developers do, on free ports. */
async function startLiveKit(): Promise<LiveKit> {
  const [port, tcp, udp] = [await freePort(), await freePort(), await freePort()];
  const [key, secret] = ['APIkeyOfTheTest', 'a-secret-of-the-test-that-is-long-enough'];
  const config = JSON.stringify({
    port,
    keys: { [key]: secret },
    rtc: {
      tcp_port: tcp,
      udp_port: udp,
      node_ip: '127.0.0.1',
      use_external_ip: false,
      enable_loopback_candidate: true,
    },
    room: { auto_create: false },
  });
  // Its configuration is YAML, of which JSON is a part.
  const args = ['--bind', '127.0.0.1', '--config-body', config];
  const server: ChildProcess = spawn(binary, args, { stdio: 'ignore' });
  await expect
    .poll(
      () =>
        fetch(`http://127.0.0.1:${port}`).then(
          ({ ok }) => ok,
          () => false,
        ),
      {
        timeout: 20_000,
      },
    )
    .toBe(true);
  return { url: `ws://127.0.0.1:${port}`, key, secret, stop: () => server.kill('SIGTERM') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a port is a number');
  return address.port;
}
