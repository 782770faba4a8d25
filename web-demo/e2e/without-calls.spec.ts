import { expect } from '@playwright/test';
import { livekitKey, livekitSecret } from './media-server';
import { createMeeting } from './meeting-server';
import { test } from './own-server';
import { expectWidgets, registerQuickly } from './people';

test('without a media server the pages say what to set, and the rest works', async ({
  page,
  context,
}) => {
  await registerQuickly(context);
  const meeting = await createMeeting(context.request, 'Plates for Basel');
  for (const path of ['/meetings', `/meetings/${meeting.id}`]) {
    await page.goto(path);
    const notice = page.getByRole('status').filter({ hasText: 'Calls are not set up' });
    for (const variable of ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET']) {
      await expect(notice).toContainText(variable);
    }
    await expect(page.getByText('Plates for Basel').first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Join the call' })).toBeHidden();
  }
  await page.getByRole('link', { name: 'Widgets', exact: true }).click();
  await expectWidgets(page);
});

test('a media server that is away is explained', async ({ browser, ownServer }) => {
  const { url } = await ownServer.start({
    environment: {
      // Nothing listens there.
      LIVEKIT_URL: 'ws://127.0.0.1:9',
      LIVEKIT_API_KEY: livekitKey,
      LIVEKIT_API_SECRET: livekitSecret,
    },
  });
  await using context = await browser.newContext({ baseURL: url });
  await registerQuickly(context);
  const meeting = await createMeeting(context.request);
  const page = await context.newPage();
  await page.goto(`/meetings/${meeting.id}`);
  await page.getByRole('button', { name: 'Join the call' }).click();
  await expect(page.getByRole('alert')).toContainText('The media server cannot be reached');
  await expect(page.getByRole('button', { name: 'Join the call' })).toBeEnabled();
});
