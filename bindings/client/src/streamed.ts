/** Items that are read in another place than where they arrive. */
export interface StreamedItems {
  readonly iterable: AsyncIterable<unknown>;
  /** Adds an item; says how many wait. */
  push(item: unknown): number;
  end(value: unknown): void;
  fail(cause: unknown): void;
}

/** `leave` is called when the reader gives up before the end. */
export function streamed(leave: () => void): StreamedItems {
  const waiting: unknown[] = [];
  let over: { value: unknown } | { cause: unknown } | undefined;
  let wake: (() => void) | undefined;

  async function* read(): AsyncGenerator<unknown, unknown> {
    try {
      for (;;) {
        if (waiting.length) {
          yield waiting.shift();
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
