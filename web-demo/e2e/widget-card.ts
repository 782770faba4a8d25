import type { Locator, Page } from '@playwright/test';

/** The card of the widget with this name. */
export function widgetCard(page: Page, name: string): Locator {
  return page.getByRole('article', { name, exact: true });
}
