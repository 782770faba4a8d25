import { ParticipantInfo, ParticipantInfo_State, Room, WebhookEvent } from '@livekit/protocol';
import { expect } from '@playwright/test';
import { browser as settings } from './browser';
import { tell } from './media-server';
import { call, createMeeting, fakeDevices, test } from './meeting-server';
import { registerQuickly } from './people';
import { shoot } from './shoot';

const details = { tenantName: 'Atelier Ferrier', name: 'Ada Ferrier' };

test.use({
  launchOptions: {
    ...settings.launchOptions,
    args: [...(settings.launchOptions?.args ?? []), ...fakeDevices],
  },
});

test('meetings', async ({ page, context, baseURL }) => {
  await registerQuickly(context, details);
  await page.goto('/meetings');
  await expect(page.getByRole('heading', { name: 'No meetings yet' })).toBeVisible();
  await shoot(page, 'meetings-empty');
  await createMeeting(context.request, 'Chemicals for the winter');
  const over = await createMeeting(context.request, 'A quotation for the museum in Basel');
  const live = await createMeeting(context.request, 'Monday at the studio');
  const admission = await call(context.request, 'livekit.getToken', { meetingId: live.id });
  const started = 1_790_000_000n;
  const participant = new ParticipantInfo({
    sid: 'PA_1',
    identity: admission.identity,
    joinedAt: started,
  });
  for (const [id, name, event] of [
    ['EV_1', over.room, 'room_finished'],
    ['EV_2', live.room, 'participant_joined'],
  ] as const) {
    const room = new Room({ sid: 'RM_1', name, creationTime: started });
    const base = { event, id, createdAt: started + 1_800n, room };
    await tell(String(baseURL), new WebhookEvent({ ...base, participant }));
  }
  await expect(page.getByText('In a call since')).toBeVisible();
  await shoot(page, 'meetings');
});

test('a call', async ({ page, context, media }) => {
  await registerQuickly(context, details);
  const meeting = await createMeeting(context.request, 'Monday at the studio');
  const people = [
    'Grace Hopper',
    'Linus',
    'Somebody with a name that is much longer than the tile',
  ];
  for (const [index, name] of people.entries()) {
    const identity = `01990000-0000-7000-8000-00000000000${index}_0123abcd`;
    const state = ParticipantInfo_State.ACTIVE;
    const attributes = { role: index === 0 ? 'host' : 'guest' };
    media.seat(
      meeting.room,
      new ParticipantInfo({ sid: `PA_x${index}`, identity, name, attributes, state }),
    );
  }
  await page.goto(`/meetings/${meeting.id}`);
  await page.getByRole('button', { name: 'Camera is off' }).click();
  await expect(page.getByLabel('Your camera', { exact: true })).toBeVisible();
  await shoot(page, 'meeting-preview');
  await page.getByRole('button', { name: 'Join the call' }).click();
  await expect(page.getByRole('status', { name: 'Call' })).toContainText('Connected');
  await expect(page.getByRole('region', { name: 'People' }).getByRole('listitem')).toHaveCount(4);
  await shoot(page, 'meeting-call', 'window');
});
