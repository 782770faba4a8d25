import { type ApiError, errorOf } from './api-error.js';
import { parse } from './json.js';
import { MAX_ITEMS } from './limits.js';
import { connect, type Socket, type WebSocketOptions } from './socket.js';
import type { Host, Payload, PendingCall, Transport, Wire } from './transport.js';

export type { ConnectionParams, SocketLike, WebSocketOptions } from './socket.js';

/** A transport that can be closed. */
export interface WebSocketTransport extends Transport {
  /** Closes the connection for good: what runs over it fails with `ABORTED`. */
  close(): void;
}

/**
 * Calls and subscriptions over one WebSocket, which is opened when it is first needed.
 *
 * Headers do not travel this way; `connectionParams` do. The procedure of an aborted call runs to its end.
 */
export function webSocket(options: WebSocketOptions): WebSocketTransport {
  const closers: (() => void)[] = [];
  const transport = (host: Host): Wire => {
    const { close, ...wire } = wireOver(host, options);
    closers.push(close);
    return wire;
  };
  return Object.assign(transport, {
    close: () => {
      for (const close of closers) {
        close();
      }
    },
  });
}

/** What the server says. */
interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly error?: { readonly code?: unknown };
  readonly result?: { readonly type?: unknown; readonly id?: unknown; readonly data?: unknown };
}

/** What waits for the messages of one id. */
interface Waiting {
  take(message: Message): void;
  /** The connection is lost. */
  lose(cause: string | Message): void;
  /** The server wants to be called over another connection. */
  move?(): void;
}

/** A connection and what waits on it. */
interface Link {
  readonly socket: Socket;
  readonly waiting: Map<unknown, Waiting>;
}

/** The JSON-RPC number of failures after which a subscription is tried again. */
const RETRYABLE = -32603;

function wireOver(host: Host, options: WebSocketOptions): Wire & { close(): void } {
  const links = new Set<Link>();
  /** Subscriptions that wait for the next connection. */
  const idle = new Set<(link: Link) => void>();
  let current: Link | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let lastId = 0;
  let isClosed = false;

  const linkNow = (): Link => {
    if (isClosed) {
      throw errorOf(options.url, 'closed by the client', 'ABORTED');
    }
    if (current) {
      return current;
    }
    clearTimeout(timer);
    const link: Link = {
      waiting: new Map(),
      socket: connect(options, {
        text: (text) => take(link, Object(parse(text))),
        close: (cause) => lose(link, cause),
      }),
    };
    links.add(link);
    current = link;
    for (const start of [...idle]) {
      idle.delete(start);
      start(link);
    }
    return link;
  };

  const later = (start: (link: Link) => void): void => {
    if (!idle.size) {
      timer = setTimeout(linkNow, delay(attempt));
      attempt += 1;
    }
    idle.add(start);
  };

  const delay = (attempt: number): number => host.delay(attempt, undefined) * Math.random();

  const take = (link: Link, message: Message): void => {
    if (message.method === 'reconnect') {
      if (link === current) {
        current = undefined;
      }
      for (const { move } of [...link.waiting.values()]) {
        move?.();
      }
      leave(link);
    } else if (message.id !== null) {
      link.waiting.get(message.id)?.take(message);
      leave(link);
    } else if (message.error) {
      // What is refused is the connection: its parameters, or who is calling.
      lose(link, message);
      link.socket.close();
    }
  };

  /** Closes a connection that is not the current one, once nothing waits on it. */
  const leave = (link: Link): void => {
    if (link !== current && !link.waiting.size) {
      links.delete(link);
      link.socket.close();
    }
  };

  const lose = (link: Link, cause: string | Message): void => {
    links.delete(link);
    if (link === current) {
      current = undefined;
    }
    const waiting = [...link.waiting.values()];
    link.waiting.clear();
    for (const { lose } of waiting) {
      lose(cause);
    }
  };

  const lossOf = (path: string, cause: string | Message): ApiError =>
    typeof cause === 'string'
      ? errorOf(path, cause, isClosed ? 'ABORTED' : 'TRANSPORT')
      : host.error(path, cause);

  const sendFrame = (calls: readonly PendingCall[]): void => {
    try {
      const link = linkNow();
      const messages = calls.map((call) => {
        lastId += 1;
        const id = lastId;
        link.waiting.set(id, {
          take(message) {
            link.waiting.delete(id);
            call.answer(message);
          },
          lose: (cause) => call.reject(lossOf(call.path, cause)),
        });
        call.cancel = () => {
          link.waiting.delete(id);
          leave(link);
        };
        return messageOf(id, call.kind === 'query' ? 'query' : 'mutation', call);
      });
      link.socket.send(messages.length === 1 ? `${messages}` : `[${messages}]`);
    } catch (cause) {
      for (const call of calls) {
        call.reject(cause);
      }
    }
  };

  return {
    send(calls) {
      const { alone } = host.contract;
      const { maxItems = MAX_ITEMS } = host.options;
      const together: PendingCall[] = [];
      for (const call of calls) {
        if (typeof call.payload === 'object') {
          const cause = 'a WebSocket carries no forms and bytes: send them by http()';
          call.reject(errorOf(call.path, cause, 'BAD_REQUEST'));
        } else if (alone?.includes(call.path)) {
          sendFrame([call]);
        } else {
          together.push(call);
        }
      }
      while (together.length) {
        sendFrame(together.splice(0, maxItems));
      }
    },

    subscribe(subscription) {
      const { path, options, state, event, end } = subscription;
      let { lastEventId } = options;
      let stop: (() => void) | undefined;
      let retry: ReturnType<typeof setTimeout> | undefined;
      let tries = 0;

      const start = (link: Link, stopBefore?: () => void): void => {
        lastId += 1;
        const id = lastId;
        let stopOther = stopBefore;
        let isMoved = false;
        const stopOld = (): void => {
          stopOther?.();
          stopOther = undefined;
        };
        stop = () => {
          stopOld();
          if (link.waiting.delete(id)) {
            link.socket.send(`{"id":${id},"method":"subscription.stop"}`);
            leave(link);
          }
        };
        const stopThis = stop;
        link.waiting.set(id, {
          take({ error, result = {} }) {
            if (error) {
              link.waiting.delete(id);
              const failure = host.error(path, { error });
              if (error.code === RETRYABLE) {
                state('reconnecting', failure);
                retry = setTimeout(() => start(linkNow()), delay(tries));
                tries += 1;
              } else {
                end(failure);
              }
            } else if (result.type === 'started') {
              attempt = 0;
              stopOld();
              state('open');
            } else if (result.type === 'stopped') {
              link.waiting.delete(id);
              end();
            } else if (!isMoved || lastEventId === undefined) {
              tries = 0;
              deliver(result);
            }
          },
          lose(cause) {
            stopOld();
            const failure = lossOf(path, cause);
            if (isMoved) {
              // It runs on another connection.
            } else if (isClosed || (typeof cause !== 'string' && cause.error?.code !== RETRYABLE)) {
              end(failure);
            } else {
              state('reconnecting', failure);
              later(start);
              stop = () => idle.delete(start);
            }
          },
          move() {
            isMoved = true;
            state('reconnecting');
            start(linkNow(), stopThis);
          },
        });
        const { payload } = subscription;
        link.socket.send(messageOf(id, 'subscription', { path, payload }, lastEventId));
      };

      const deliver = ({ id, data }: NonNullable<Message['result']>): void => {
        try {
          if (typeof id === 'string' && id) {
            lastEventId = id;
            event(Object(data).data, id);
          } else {
            event(data);
          }
        } catch (cause) {
          end(cause);
        }
      };

      state('connecting');
      start(linkNow());
      return () => {
        clearTimeout(retry);
        stop?.();
      };
    },

    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const { socket } of [...links]) {
        socket.close();
      }
    },
  };
}

function messageOf(
  id: number,
  method: string,
  { path, payload }: { readonly path: string; readonly payload: Payload },
  lastEventId?: string,
): string {
  const input = payload === undefined ? '' : `,"input":${payload}`;
  const after = lastEventId ? `,"lastEventId":${JSON.stringify(lastEventId)}` : '';
  const params = `{"path":${JSON.stringify(path)}${input}${after}}`;
  return `{"id":${id},"method":"${method}","params":${params}}`;
}
