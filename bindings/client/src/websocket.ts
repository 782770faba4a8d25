import { type Answers, answer } from './answer.js';
import { errorOf } from './api-error.js';
import { tell } from './callback.js';
import { writeInput } from './input.js';
import { parse, type WireError } from './json.js';
import { MAX_ITEMS } from './limits.js';
import type { ClientOptions } from './options.js';
import { connect, type Socket, type WebSocketOptions } from './socket.js';
import type { Operation, Send, Transport } from './transport.js';

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
  const transport = (clientOptions: ClientOptions): Send => {
    const { send, close } = sendOver(options, clientOptions);
    closers.push(close);
    return send;
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
interface Message extends Answers {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly result?: Result | null;
}

interface Result {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly data?: unknown;
}

/** What waits for the messages of one id. */
interface Waiting {
  take(message: Message): void;
  /** The connection is lost. */
  lose(cause: string | WireError): void;
  /** The server wants to be called over another connection. */
  move?(): void;
}

/** A connection and what waits on it. */
interface Link {
  readonly socket: Socket;
  readonly waiting: Map<unknown, Waiting>;
}

function sendOver(
  options: WebSocketOptions,
  clientOptions: ClientOptions,
): { send: Send; close(): void } {
  const { contract = {}, maxItems = MAX_ITEMS } = clientOptions;
  const links = new Set<Link>();
  /** The calls of this tick. */
  const queue: Operation[] = [];
  let current: Link | undefined;
  let lastId = 0;
  let isClosed = false;

  const linkNow = (): Link => {
    if (isClosed) {
      throw errorOf(options.url, 'closed by the client', 'ABORTED');
    }
    if (current) {
      return current;
    }
    const link: Link = {
      waiting: new Map(),
      socket: connect(options, {
        text: (text) => take(link, Object(parse(text))),
        close: (cause) => lose(link, cause),
      }),
    };
    links.add(link);
    current = link;
    return link;
  };

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
      lose(link, message.error);
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

  const lose = (link: Link, cause: string | WireError): void => {
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

  const failLost = (operation: Operation, cause: string | WireError): void => {
    if (typeof cause === 'string') {
      operation.fail(cause, isClosed ? 'ABORTED' : undefined);
    } else {
      operation.fail(operation.error(cause));
    }
  };

  const sendFrame = (calls: readonly Operation[]): void => {
    try {
      const link = linkNow();
      const messages = calls.map((call) => {
        lastId += 1;
        const id = lastId;
        link.waiting.set(id, {
          take(message) {
            link.waiting.delete(id);
            answer([call], message);
          },
          lose: (cause) => failLost(call, cause),
        });
        call.release = () => {
          if (link.waiting.delete(id)) {
            leave(link);
          }
        };
        return messageOf(id, call.kind === 'query' ? 'query' : 'mutation', call);
      });
      link.socket.send(messages.length === 1 ? `${messages}` : `[${messages}]`);
    } catch (cause) {
      for (const call of calls) {
        call.fail(cause);
      }
    }
  };

  const sendQueue = (): void => {
    const together: Operation[] = [];
    for (const call of queue.splice(0)) {
      if (call.signal.aborted) {
        // Nobody waits for it any more.
      } else if (contract.alone?.includes(call.path)) {
        sendFrame([call]);
      } else {
        together.push(call);
      }
    }
    while (together.length) {
      sendFrame(together.splice(0, maxItems));
    }
  };

  /** Starts a subscription on the current connection, and stops it on the one where it ran before. */
  const subscribe = (operation: Operation, stopBefore?: () => void): void => {
    const link = linkNow();
    lastId += 1;
    const id = lastId;
    let stopOther = stopBefore;
    let isStarted = false;
    let isMoved = false;

    const stopOld = (): void => {
      stopOther?.();
      stopOther = undefined;
    };
    const stop = (): void => {
      stopOld();
      if (link.waiting.delete(id)) {
        link.socket.send(`{"id":${id},"method":"subscription.stop"}`);
        leave(link);
      }
    };

    const deliver = ({ id: eventId, data }: Result): void => {
      operation.attempt = 0;
      if (typeof eventId === 'string' && eventId) {
        operation.lastEventId = eventId;
        operation.onData(Object(data).data, eventId);
      } else {
        operation.onData(data);
      }
    };

    const read = ({ error, result }: Message): void => {
      if (error) {
        link.waiting.delete(id);
        throw operation.error(error);
      }
      if (result?.type === 'started') {
        isStarted = true;
        stopOld();
        tell(operation.onState, 'open');
      } else if (result?.type === 'stopped') {
        link.waiting.delete(id);
        operation.end();
      } else if (result && (!isMoved || operation.lastEventId === undefined)) {
        deliver(result);
      }
    };

    link.waiting.set(id, {
      take(message) {
        try {
          read(message);
        } catch (cause) {
          operation.fail(cause);
        }
      },
      lose(cause) {
        stopOld();
        // Where it has moved, it runs on another connection.
        if (!isMoved) {
          if (isStarted) {
            operation.attempt = 0;
          }
          failLost(operation, cause);
        }
      },
      move() {
        isMoved = true;
        tell(operation.onState, 'reconnecting');
        subscribe(operation, stop);
      },
    });
    operation.release = stop;
    link.socket.send(messageOf(id, 'subscription', operation, operation.lastEventId));
  };

  return {
    send(operation) {
      writeInput(operation);
      if (operation.kind === 'subscribe') {
        subscribe(operation);
      } else if (queue.push(operation) === 1) {
        setTimeout(sendQueue);
      }
    },
    close() {
      isClosed = true;
      for (const { socket } of [...links]) {
        socket.close();
      }
    },
  };
}

function messageOf(
  id: number,
  method: string,
  { path, payload }: Operation,
  lastEventId?: string,
): string {
  const input = payload === undefined ? '' : `,"input":${payload}`;
  const after = lastEventId ? `,"lastEventId":${JSON.stringify(lastEventId)}` : '';
  const params = `{"path":${JSON.stringify(path)}${input}${after}}`;
  return `{"id":${id},"method":"${method}","params":${params}}`;
}
