import {
  DisconnectReason,
  ParticipantInfo,
  ParticipantInfo_State,
  Room,
  WebhookEvent,
} from '@livekit/protocol';
import { expect, type Page } from '@playwright/test';
import { browser as settings } from './browser';
import { tell } from './media-server';
import { call, createMeeting, fakeDevices, test } from './meeting-server';
import { registerQuickly, somebody } from './people';

test.use({
  launchOptions: {
    ...settings.launchOptions,
    args: [...(settings.launchOptions?.args ?? []), ...fakeDevices],
  },
});

const status = (page: Page) => page.getByRole('status', { name: 'Call' });

async function open(page: Page, id: string) {
  await page.goto(`/meetings/${id}`);
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
}

test('a meeting is created with the keyboard and appears in every window', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  await page.goto('/meetings');
  await expect(page.getByRole('heading', { name: 'No meetings yet' })).toBeVisible();
  const other = await context.newPage();
  await other.goto('/meetings');
  await expect(other.getByRole('status', { name: 'Connection' })).toHaveText('Live');

  await page.getByLabel('Title of a new meeting').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Must not be empty')).toBeVisible();
  await page.keyboard.type('Plates for Basel');
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: 'Plates for Basel' })).toBeVisible();
  await expect(other.getByRole('link', { name: /Plates for Basel/ })).toBeVisible();
});

test('the official client connects its signalling and meets who is there', async ({
  page,
  context,
  media,
}) => {
  await registerQuickly(context, { name: 'Ada Ferrier' });
  const meeting = await createMeeting(context.request);
  const grace = new ParticipantInfo({
    sid: 'PA_grace',
    identity: '01990000-0000-7000-8000-000000000000_0123abcd',
    name: 'Grace',
    attributes: { role: 'guest' },
    state: ParticipantInfo_State.ACTIVE,
  });
  media.seat(meeting.room, grace);
  await open(page, meeting.id);
  await expect(page.getByText('Your camera is off')).toBeVisible();

  await page.getByRole('button', { name: 'Camera is off' }).click();
  const preview = page.getByLabel('Your camera', { exact: true });
  await expect(preview).toBeVisible();
  await expect.poll(() => preview.evaluate(pictureWidth)).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Join the call' }).click();

  await expect(status(page)).toHaveText('Connected, opening picture and sound…');
  expect(media.guests(meeting.room)).toHaveLength(2);
  const [me] = media.guests(meeting.room);
  expect(me).toMatchObject({ name: 'Ada Ferrier', attributes: { role: 'host' } });
  const people = page.getByRole('region', { name: 'People' });
  await expect(people.getByRole('listitem')).toContainText([
    'Ada Ferrier you, host',
    'Grace guest',
  ]);
  await expect(page.getByRole('list', { name: 'In the call' }).getByText('Grace')).toBeVisible();
  // Nobody of this workspace, whatever the media server says.
  await people.getByRole('button', { name: 'Make Grace a host' }).click();
  await expect(people.getByRole('alert')).toContainText('Nobody is in the call as');
  expect(media.guests(meeting.room).find(({ name }) => name === 'Grace')?.attributes).toEqual({
    role: 'guest',
  });

  await page.getByRole('button', { name: 'Leave' }).click();
  await expect(status(page)).toHaveText('You are not in the call');
  await expect.poll(() => media.guests(meeting.room).length).toBe(1);
  await expect(page.getByRole('button', { name: 'Join the call' })).toBeVisible();
});

test('a second tab joins beside the first, and what a person may do changes at once', async ({
  page,
  context,
  media,
}) => {
  await registerQuickly(context, { name: 'Ada Ferrier' });
  const meeting = await createMeeting(context.request);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await open(tab, meeting.id);
    await tab.getByRole('button', { name: 'Join the call' }).click();
    await expect(status(tab)).toHaveText('Connected, opening picture and sound…');
  }
  const people = (tab: Page) => tab.getByRole('region', { name: 'People' }).getByRole('listitem');
  await expect(people(other)).toHaveText(['Ada Ferrier you, host', 'Ada Ferrier you, host']);
  await expect(page.getByRole('button', { name: 'Share your screen' })).toBeVisible();

  const [first, second] = media.guests(meeting.room);
  media.describe(meeting.room, String(first?.identity), { role: 'guest' });
  await expect(page.getByRole('button', { name: 'Share your screen' })).toBeHidden();
  await expect(page.getByText('Hosts can share their screens')).toBeVisible();
  await expect(other.getByRole('button', { name: 'Share your screen' })).toBeVisible();

  media.sendAway(meeting.room, String(second?.identity), DisconnectReason.PARTICIPANT_REMOVED);
  await expect(other.getByText('A host removed you from the call')).toBeVisible();
  expect(media.guests(meeting.room)).toHaveLength(1);
  await expect(status(page)).toHaveText('Connected, opening picture and sound…');
});

test('a host makes a guest a host, and takes one out of the call', async ({
  page,
  context,
  browser,
  media,
}) => {
  await registerQuickly(context, { name: 'Ada Ferrier' });
  const meeting = await createMeeting(context.request);
  const { token } = await call(context.request, 'members.invite', {
    email: somebody().email,
    role: 'member',
  });
  const grace = await (await browser.newContext()).newPage();
  const joining = { token, name: 'Grace Hall', password: somebody().password };
  await call(grace.context().request, 'members.accept', joining);
  // Who comes later is shown when there is a picture, which the double does not carry.
  for (const tab of [grace, page]) {
    await open(tab, meeting.id);
    await tab.getByRole('button', { name: 'Join the call' }).click();
    await expect(status(tab)).toHaveText('Connected, opening picture and sound…');
  }
  await expect(grace.getByText('Hosts can share their screens')).toBeVisible();
  await expect(grace.getByRole('button', { name: 'Make Ada Ferrier a host' })).toBeHidden();

  const people = page.getByRole('region', { name: 'People' });
  await people.getByRole('button', { name: 'Make Grace Hall a host' }).click();
  await expect(people.getByRole('listitem')).toContainText(['Ada Ferrier', 'Grace Hall host']);
  await expect(people.getByRole('button', { name: 'Make Grace Hall a host' })).toBeHidden();
  await expect(grace.getByRole('button', { name: 'Share your screen' })).toBeVisible();

  await people.getByRole('button', { name: 'Remove Grace Hall from the call' }).click();
  await expect(grace.getByText('A host removed you from the call')).toBeVisible();
  await expect(people.getByRole('listitem')).toHaveText(['Ada Ferrier you, host']);
  expect(media.guests(meeting.room)).toHaveLength(1);
  await grace.context().close();
});

test('a connection that was lost is explained, and joining again keeps the device', async ({
  page,
  context,
  media,
}) => {
  await registerQuickly(context);
  const meeting = await createMeeting(context.request);
  await open(page, meeting.id);
  await page.getByRole('button', { name: 'Join the call' }).click();
  await expect(status(page)).toHaveText('Connected, opening picture and sound…');
  const [before] = media.guests(meeting.room);
  media.sendAway(meeting.room, String(before?.identity), DisconnectReason.STATE_MISMATCH);
  await expect(page.getByRole('alert')).toContainText('The call could not be reached');

  await page.getByRole('button', { name: 'Join again' }).click();
  await expect(status(page)).toHaveText('Connected, opening picture and sound…');
  expect(media.guests(meeting.room).map(({ identity }) => identity)).toEqual([before?.identity]);
});

test('what the media server tells is seen by who is not in the call', async ({
  page,
  context,
  baseURL,
}) => {
  await registerQuickly(context, { name: 'Ada Ferrier' });
  const meeting = await createMeeting(context.request);
  const answer = await context.request.post('/trpc/livekit.getToken', {
    data: { meetingId: meeting.id },
  });
  const { identity } = (await answer.json()).result.data;
  await open(page, meeting.id);
  const list = await context.newPage();
  await list.goto('/meetings');
  await expect(list.getByRole('status', { name: 'Connection' })).toHaveText('Live');
  await expect(page.getByText('Nobody is in the call.')).toBeVisible();

  const room = new Room({ sid: 'RM_1', name: meeting.room, creationTime: 1_790_000_000n });
  const participant = new ParticipantInfo({ sid: 'PA_1', identity, joinedAt: 1_790_000_001n });
  const event = { event: 'participant_joined', id: 'EV_1', createdAt: 1_790_000_001n };
  await tell(String(baseURL), new WebhookEvent({ ...event, room, participant }));

  await expect(page.getByRole('region', { name: 'People' })).toContainText('Ada Ferrier');
  await expect(list.getByText('In a call since 21 Sept, 14:13, 1 person')).toBeVisible();
  const end = { event: 'room_finished', id: 'EV_2', createdAt: 1_790_000_100n };
  await tell(String(baseURL), new WebhookEvent({ ...end, room }));
  await expect(page.getByText('Nobody is in the call.')).toBeVisible();
  await expect(list.getByText('Last call ended 21 Sept, 14:15')).toBeVisible();
});

test('the client of the media server is loaded by who joins, and by nobody else', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  const meeting = await createMeeting(context.request);
  const scripts: string[] = [];
  page.on('response', (response) => scripts.push(response.url()));
  await open(page, meeting.id);
  const isClient = (url: string) => /livekit/.test(url);
  expect(scripts.filter(isClient)).toEqual([]);
  await page.getByRole('button', { name: 'Join the call' }).click();
  await expect(status(page)).toHaveText('Connected, opening picture and sound…');
  expect(scripts.filter(isClient).length).toBeGreaterThan(0);
});

test('a client that cannot be loaded is explained', async ({ page, context }) => {
  await registerQuickly(context);
  const meeting = await createMeeting(context.request);
  await open(page, meeting.id);
  await page.route('**/assets/livekit-client*', (route) => route.abort());
  await page.getByRole('button', { name: 'Join the call' }).click();
  await expect(page.getByRole('alert')).toContainText('The call could not be reached');
  await expect(page.getByRole('button', { name: 'Join the call' })).toBeEnabled();
});

test('a meeting that does not exist is said not to', async ({ page, context }) => {
  await registerQuickly(context);
  await page.goto('/meetings/01990000-0000-7000-8000-000000000000');
  await expect(page.getByText('There is no such meeting')).toBeVisible();
  await page.getByRole('link', { name: 'To the meetings' }).click();
  await expect(page).toHaveURL(/\/meetings$/);
});

/** How wide the picture is that a video shows. */
function pictureWidth(element: Element): number {
  return element instanceof HTMLVideoElement ? element.videoWidth : 0;
}
