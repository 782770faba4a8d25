import { type Page, test } from '@playwright/test';

/** Takes a picture of the page for people to look at. */
export async function shoot(page: Page, name: string, extent: 'page' | 'window' = 'page') {
  const { project } = test.info();
  await page.screenshot({
    path: `test-results/screenshots/${project.name}-${name}.png`,
    fullPage: extent === 'page',
  });
}
