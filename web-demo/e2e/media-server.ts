import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateRoomRequest,
  DisconnectReason,
  JoinResponse,
  LeaveRequest,
  LeaveRequest_Action,
  ParticipantInfo,
  ParticipantInfo_State,
  ParticipantUpdate,
  Room,
  RoomParticipantIdentity,
  ServerInfo,
  SignalRequest,
  SignalResponse,
  UpdateParticipantRequest,
  type WebhookEvent,
} from '@livekit/protocol';
import { AccessToken, type ClaimGrants, TokenVerifier } from 'livekit-server-sdk';
import { type WebSocket, WebSocketServer } from 'ws';

export const livekitKey = 'APIkeyOfTheTest';
export const livekitSecret = 'a secret of the test that is long enough';

/** Somebody whose signalling is connected. */
type Guest = { room: string; info: ParticipantInfo; socket: WebSocket };

/**
 * A test double of LiveKit, typed by its protocol: it manages rooms and carries signalling, and no picture and no sound.
 *
 * The official client gets as far as connected signalling here, and no further.
 */
export type MediaServer = {
  /** What `LIVEKIT_URL` is. */
  url: string;
  /** Rooms that were opened, by name. */
  rooms: ReadonlyMap<string, Room>;
  /** Who is in a room. */
  guests: (room: string) => ParticipantInfo[];
  /** Says that somebody is in a room who has no connection. */
  seat: (room: string, info: ParticipantInfo) => void;
  /** Gives somebody attributes, as an administrator of the room could. */
  describe: (room: string, identity: string, attributes: Record<string, string>) => void;
  /** Takes somebody out of a room. */
  sendAway: (room: string, identity: string, reason: DisconnectReason) => void;
  stop: () => Promise<void>;
};

/** Starts one on a free port. */
export async function startMediaServer(): Promise<MediaServer> {
  const verifier = new TokenVerifier(livekitKey, livekitSecret);
  const rooms = new Map<string, Room>();
  const seated = new Map<string, ParticipantInfo[]>();
  const guests = new Set<Guest>();

  const inRoom = (room: string) => [...guests].filter((guest) => guest.room === room);
  const infos = (room: string) => [
    ...inRoom(room).map(({ info }) => info),
    ...(seated.get(room) ?? []),
  ];
  const tellRoom = (room: string, ...participants: ParticipantInfo[]) => {
    const update = new ParticipantUpdate({ participants });
    for (const { socket } of inRoom(room)) {
      send(socket, new SignalResponse({ message: { case: 'update', value: update } }));
    }
  };
  const find = (room: string, identity: string) =>
    infos(room).find((info) => info.identity === identity);

  const describe = (room: string, identity: string, attributes: Record<string, string>) => {
    const info = find(room, identity);
    if (info === undefined) return;
    info.attributes = { ...info.attributes, ...attributes };
    info.version += 1;
    tellRoom(room, info);
  };

  const sendAway = (room: string, identity: string, reason: DisconnectReason) => {
    for (const guest of inRoom(room).filter(({ info }) => info.identity === identity)) {
      const value = new LeaveRequest({ reason, action: LeaveRequest_Action.DISCONNECT });
      send(guest.socket, new SignalResponse({ message: { case: 'leave', value } }));
      guest.socket.close();
    }
    const rest = (seated.get(room) ?? []).filter((info) => info.identity !== identity);
    seated.set(room, rest);
  };

  const http = createServer(async (request, response) => {
    const method = /^\/twirp\/livekit\.RoomService\/(\w+)$/.exec(request.url ?? '')?.[1];
    if (method === undefined) return void response.writeHead(404).end();
    const claims = await verified(verifier, request.headers.authorization?.replace('Bearer ', ''));
    const body = await bodyOf(request);
    switch (method) {
      case 'CreateRoom': {
        const { name } = CreateRoomRequest.fromBinary(body);
        if (claims?.video?.roomCreate !== true) return refuse(response, 'permission_denied');
        const known = rooms.get(name);
        const room = known ?? new Room({ name, sid: `RM_${rooms.size + 1}`, creationTime: now() });
        rooms.set(name, room);
        return answer(response, room.toBinary());
      }
      case 'UpdateParticipant': {
        const { room, identity, attributes } = UpdateParticipantRequest.fromBinary(body);
        if (claims?.video?.roomAdmin !== true) return refuse(response, 'permission_denied');
        const info = find(room, identity);
        if (info === undefined) return refuse(response, 'not_found');
        describe(room, identity, attributes);
        return answer(response, info.toBinary());
      }
      case 'RemoveParticipant': {
        const { room, identity } = RoomParticipantIdentity.fromBinary(body);
        if (claims?.video?.roomAdmin !== true) return refuse(response, 'permission_denied');
        if (find(room, identity) === undefined) return refuse(response, 'not_found');
        sendAway(room, identity, DisconnectReason.PARTICIPANT_REMOVED);
        return answer(response, new Uint8Array());
      }
      default:
        return refuse(response, 'bad_route');
    }
  });

  const sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', async (request, socket, head) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const claims = await verified(verifier, url.searchParams.get('access_token') ?? undefined);
    const name = claims?.video?.room ?? '';
    const room = rooms.get(name);
    const mayJoin = claims?.video?.roomJoin === true && room !== undefined;
    if (!mayJoin || !/^\/rtc(\/v1)?$/.test(url.pathname)) {
      return void socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
    }
    sockets.handleUpgrade(request, socket, head, (socket) => {
      const info = new ParticipantInfo({
        sid: `PA_${guests.size + 1}`,
        identity: claims.sub ?? '',
        name: claims.name ?? '',
        attributes: claims.attributes ?? {},
        state: ParticipantInfo_State.ACTIVE,
        joinedAt: now(),
      });
      const others = infos(name);
      const guest = { room: name, info, socket };
      guests.add(guest);
      const value = new JoinResponse({
        room,
        participant: info,
        otherParticipants: others,
        serverInfo: new ServerInfo({ version: '1.13.0', protocol: 16 }),
      });
      send(socket, new SignalResponse({ message: { case: 'join', value } }));
      for (const other of inRoom(name).filter((one) => one !== guest)) {
        const update = new ParticipantUpdate({ participants: [info] });
        send(other.socket, new SignalResponse({ message: { case: 'update', value: update } }));
      }
      socket.on('message', (data: Buffer) => {
        if (SignalRequest.fromBinary(Uint8Array.from(data)).message.case === 'leave')
          socket.close();
      });
      socket.on('close', () => {
        guests.delete(guest);
        tellRoom(name, new ParticipantInfo({ ...info, state: ParticipantInfo_State.DISCONNECTED }));
      });
    });
  });

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    rooms,
    guests: infos,
    seat: (room, info) => {
      seated.set(room, [...(seated.get(room) ?? []), info]);
      tellRoom(room, info);
    },
    describe,
    sendAway,
    stop: async () => {
      for (const { socket } of guests) socket.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

/** Signs an event as LiveKit does, and tells it to the server of the product. */
export async function tell(server: string, event: WebhookEvent, secret = livekitSecret) {
  const body = event.toJsonString();
  const token = new AccessToken(livekitKey, secret, { ttl: 300 });
  token.sha256 = createHash('sha256').update(body).digest('base64');
  return fetch(`${server}/webhooks/livekit`, {
    method: 'POST',
    headers: {
      'content-type': 'application/webhook+json',
      authorization: await token.toJwt(),
    },
    body,
  });
}

async function verified(
  verifier: TokenVerifier,
  token: string | undefined,
): Promise<ClaimGrants | undefined> {
  return token === undefined ? undefined : verifier.verify(token).catch(() => undefined);
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const bytes: number[] = [];
  for await (const chunk of request) bytes.push(...Uint8Array.from(chunk));
  return Uint8Array.from(bytes);
}

function answer(response: ServerResponse, body: Uint8Array) {
  response.writeHead(200, { 'content-type': 'application/protobuf' }).end(body);
}

function refuse(response: ServerResponse, code: string) {
  const status = code === 'permission_denied' ? 403 : 404;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code, msg: code }));
}

function send(socket: WebSocket, message: SignalResponse) {
  socket.send(message.toBinary());
}

function now(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}
