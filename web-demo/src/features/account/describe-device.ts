import type { Device } from '@tintype/bindings/api';

/** A browser as people call it. */
export function describeDevice({ browser, system }: Device): string {
  if (browser !== null && system !== null) return `${browser} on ${system}`;
  return browser ?? system ?? 'A program that does not say what it is';
}
