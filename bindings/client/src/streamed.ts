/** Items that are read in another place than where they arrive. */
export interface StreamedItems<T> {
  readonly iterable: AsyncIterable<T>;
  /** Adds an item; says how many wait. */
  push(item: T): number;
  end(value: unknown): void;
  fail(cause: unknown): void;
}

/** `leave` is called when the reader gives up before the end. */
export function streamed<T>(leave: () => void): StreamedItems<T> {
  const waiting: T[] = [];
  let over: { value: unknown } | { cause: unknown } | undefined;
  let wake: (() => void) | undefined;

  async function* read(): AsyncGenerator<T, unknown> {
    try {
      for (;;) {
        if (waiting.length) {
          yield* waiting.splice(0, 1);
        } else if (!over) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if ('cause' in over) {
          throw over.cause;
        } else {
          return over.value;
        }
      }
    } finally {
      if (!over) {
        leave();
      }
    }
  }

  return {
    iterable: read(),
    push(item) {
      const count = waiting.push(item);
      wake?.();
      return count;
    },
    end(value) {
      over ??= { value };
      wake?.();
    },
    fail(cause) {
      over ??= { cause };
      wake?.();
    },
  };
}
