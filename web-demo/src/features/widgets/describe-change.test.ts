import type { Widget, WidgetId } from '@tintype/bindings/api';
import { expect, it } from 'vitest';
import { describeChange } from './describe-change';

const clock: Widget = {
  id: '01900000-0000-7000-8000-000000000000' as WidgetId,
  name: 'clock',
  config: { face: 'round' },
  createdAt: new Date('2026-01-01T12:00:00Z'),
  updatedAt: new Date('2026-01-01T12:00:00Z'),
};

it('names what was created, renamed, configured and deleted', () => {
  expect(describeChange(undefined, { kind: 'created', widget: clock })).toBe(
    '“clock” was created.',
  );
  expect(describeChange(clock, { kind: 'updated', widget: { ...clock, name: 'map' } })).toBe(
    '“clock” is now called “map”.',
  );
  expect(describeChange(clock, { kind: 'updated', widget: { ...clock, config: {} } })).toBe(
    'The configuration of “clock” has changed.',
  );
  expect(describeChange(clock, { kind: 'deleted', id: clock.id })).toBe('“clock” was deleted.');
});

it('is silent about what is known already or was never shown', () => {
  expect(describeChange(clock, { kind: 'created', widget: clock })).toBeUndefined();
  expect(describeChange(clock, { kind: 'updated', widget: clock })).toBeUndefined();
  expect(describeChange(undefined, { kind: 'updated', widget: clock })).toBeUndefined();
  expect(describeChange(undefined, { kind: 'deleted', id: clock.id })).toBeUndefined();
});
