import { useSyncExternalStore } from 'react';

let isOutdated = false;
const listeners = new Set<() => void>();

/** Remembers that the server has moved on from the contract that this page was built with. */
export function markOutdated() {
  isOutdated = true;
  for (const listener of listeners) listener();
}

/** Whether the server has moved on from the contract that this page was built with. */
export function useIsOutdated(): boolean {
  return useSyncExternalStore(listen, () => isOutdated);
}

function listen(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
