import { expect, test } from '@playwright/test';
import { createMeeting } from './meeting-server';
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
