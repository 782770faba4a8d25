/** The part of a WebSocket that is used. */
export interface SocketLike {
  send(text: string): void;
  close(): void;
  addEventListener(type: string, listener: (event: MessageEvent) => void): void;
}

export type ConnectionParams = Readonly<Record<string, string>> | null;

/** Options of a WebSocket transport; everything but `url` has a default. */
export interface WebSocketOptions {
  /** Where the procedures are, for example `wss://example.com/trpc`. */
  readonly url: string;
  /** What the server learns of the caller, or how to get it for each connection anew. */
  readonly connectionParams?:
    | ConnectionParams
    | (() => ConnectionParams | Promise<ConnectionParams>)
    | undefined;
  /** The class to use instead of the global one. */
  readonly WebSocket?: (new (url: string) => SocketLike) | undefined;
  /** How long the server may be silent before it is asked for a sign, in milliseconds; 30 000 by default, 0 for ever. */
  readonly pingMs?: number | undefined;
  /** How long the sign may take, in milliseconds; 5000 by default. */
  readonly pongMs?: number | undefined;
}

/** One connection. */
export interface Socket {
  /** Sends at once or as soon as it is open. */
  send(text: string): void;
  close(): void;
}

/** What a connection tells. */
export interface SocketEvents {
  text(text: string): void;
  /** It is closed, or has never been open. Told once. */
  close(cause: string): void;
}

/** Opens a connection, says who is calling, and notices when the server is gone. */
export function connect(options: WebSocketOptions, events: SocketEvents): Socket {
  const { url, connectionParams, pingMs = 30_000, pongMs = 5000 } = options;
  const hasParams = connectionParams !== undefined;
  const address = hasParams ? `${url}${url.includes('?') ? '&' : '?'}connectionParams=1` : url;
  const socket: SocketLike = new (options.WebSocket ?? WebSocket)(address);
  let unsent: string[] | undefined = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  const end = (cause: string): void => {
    clearTimeout(timer);
    if (!isClosed) {
      isClosed = true;
      // The closing handshake of a server that is gone takes its time.
      socket.close();
      events.close(cause);
    }
  };

  const heard = (): void => {
    clearTimeout(timer);
    if (pingMs && !isClosed) {
      timer = setTimeout(() => {
        socket.send('PING');
        timer = setTimeout(end, pongMs, 'the server is silent');
      }, pingMs);
    }
  };

  socket.addEventListener('open', async () => {
    heard();
    try {
      if (hasParams) {
        const data =
          typeof connectionParams === 'function' ? await connectionParams() : connectionParams;
        socket.send(JSON.stringify({ method: 'connectionParams', data }));
      }
      for (const text of unsent ?? []) {
        socket.send(text);
      }
      unsent = undefined;
    } catch (cause) {
      end(`${cause}`);
    }
  });
  socket.addEventListener('message', ({ data }) => {
    heard();
    if (data === 'PING') {
      socket.send('PONG');
    } else if (data !== 'PONG' && !isClosed) {
      events.text(`${data}`);
    }
  });
  socket.addEventListener('error', () => end('the connection broke'));
  socket.addEventListener('close', () => end('the connection is closed'));

  return {
    send(text) {
      unsent ? unsent.push(text) : socket.send(text);
    },
    close: () => end('closed by the client'),
  };
}
