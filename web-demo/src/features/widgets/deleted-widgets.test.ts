import { QueryClient } from '@tanstack/react-query';
import type { WidgetEvent } from '@tintype/bindings/api';
import { expect, test } from 'vitest';
import { isNews } from './deleted-widgets';

const created = (id: string) => ({ kind: 'created', widget: { id } }) as WidgetEvent;
const deleted = (id: string) => ({ kind: 'deleted', id }) as WidgetEvent;

test('a widget that was deleted does not come back with a late event', () => {
  const queryClient = new QueryClient();

  expect(isNews(queryClient, created('a'))).toBe(true);
  expect(isNews(queryClient, deleted('b'))).toBe(true);
  expect(isNews(queryClient, created('b'))).toBe(false);
  expect(isNews(queryClient, created('a'))).toBe(true);
  expect(isNews(new QueryClient(), created('b'))).toBe(true);
});
