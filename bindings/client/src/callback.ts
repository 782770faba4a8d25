/** Calls back. What the callback throws is reported as unhandled, and is no failure of whoever calls. */
export async function tell<T extends unknown[]>(
  callback: ((...details: T) => unknown) | undefined,
  ...details: T
): Promise<void> {
  callback?.(...details);
}
