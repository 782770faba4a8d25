import { type APIRequestContext, test as base, expect } from '@playwright/test';
import { livekitKey, livekitSecret, type MediaServer, startMediaServer } from './media-server';
import { startServer } from './server-process';
import { workbench } from './workbench';

type MeetingServer = { url: string; media: MediaServer };

/** A test on a server whose calls a test double carries as far as signalling; tests of one worker share both. */
export const test = base.extend<{ media: MediaServer }, { meetingServer: MeetingServer }>({
  meetingServer: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the pattern to see what a fixture needs
    async ({}, use) => {
      const media = await startMediaServer();
      const { binary, dataDirectory, clear } = await workbench();
      const environment = {
        LIVEKIT_URL: media.url,
        LIVEKIT_API_KEY: livekitKey,
        LIVEKIT_API_SECRET: livekitSecret,
      };
      const server = await startServer({ binary, dataDirectory, environment });
      await use({ url: server.url, media });
      await server.stop();
      await media.stop();
      await clear();
    },
    { scope: 'worker' },
  ],
  media: async ({ meetingServer }, use) => use(meetingServer.media),
  baseURL: async ({ meetingServer }, use) => use(meetingServer.url),
});

/** A camera, a microphone and a screen that the browser makes up, and that it lets pages use. */
export const fakeDevices = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
];

/** What a page gets to join a call. */
export type Admission = {
  token: string;
  url: string;
  expiresIn: number;
  identity: string;
  role: string;
};

/** Calls a procedure in the session of the context; the answer's data. */
export async function call(request: APIRequestContext, procedure: string, input: object) {
  const answer = await request.post(`/trpc/${procedure}`, { data: input });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()).result.data;
}

/** Creates a meeting, and gives its id and the name of its room. */
export async function createMeeting(request: APIRequestContext, title = 'Monday') {
  const { id } = await call(request, 'meetings.create', { title });
  const answer = await request.get('/trpc/auth.me');
  const tenant: string = (await answer.json()).result.data.tenant.id;
  return { id: String(id), room: `${tenant}_${id}` };
}
