import { ApiError } from './api-error.js';
import type { SubscribeOptions, Subscription } from './contract.js';
import { streamed } from './streamed.js';

/** How the events of a subscription are read one after the other. */
export interface EventsOptions<E = never>
  extends Pick<SubscribeOptions<never, E>, 'headers' | 'lastEventId' | 'onState' | 'signal'> {
  /** How many events wait for the reader before the subscription fails; 1000 by default. */
  readonly maxWaiting?: number | undefined;
}

/**
 * Subscribes at once, and gives the events to one reader; leaving the loop unsubscribes.
 *
 * ```ts
 * for await (const { id, data } of eventsOf(api.widgets.changed)) {
 *   console.log(id, data.kind);
 * }
 * ```
 */
export function eventsOf<O, E>(
  procedure: Subscription<void, O, E>,
  input?: undefined,
  options?: EventsOptions<E>,
): AsyncIterable<O>;
export function eventsOf<I, O, E>(
  procedure: Subscription<I, O, E>,
  input: I,
  options?: EventsOptions<E>,
): AsyncIterable<O>;
export function eventsOf(
  procedure: Subscription<unknown, unknown, unknown>,
  input: unknown,
  { maxWaiting = 1000, onState, ...options }: EventsOptions<unknown> = {},
): AsyncIterable<unknown> {
  const events = streamed<unknown>(() => unsubscribe());
  const unsubscribe = procedure.subscribe(input, {
    ...options,
    onData(event) {
      if (events.push(event) > maxWaiting) {
        const message = `${unsubscribe.path}: ${maxWaiting} events wait to be read`;
        events.fail(new ApiError(message, { code: 'ABORTED', path: unsubscribe.path }));
        unsubscribe();
      }
    },
    onState(state, error) {
      if (state === 'closed') {
        error ? events.fail(error) : events.end(undefined);
      }
      onState?.(state, error);
    },
  });
  return events.iterable;
}
