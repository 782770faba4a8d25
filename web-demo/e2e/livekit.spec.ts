import { ParticipantInfo, Room, WebhookEvent } from '@livekit/protocol';
import { type APIRequestContext, expect } from '@playwright/test';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { TokenVerifier } from 'livekit-server-sdk';
import { livekitKey, livekitSecret, tell } from './media-server';
import { type Admission, call, createMeeting, test } from './meeting-server';
import { registerQuickly, somebody } from './people';

// What official and independent libraries of JavaScript make of passes, and the server of what they sign.

const secret = new TextEncoder().encode(livekitSecret);

test('two independent libraries read the same rights in a pass', async ({ context, media }) => {
  const person = await registerQuickly(context, { name: 'Ada Ferrier' });
  const meeting = await createMeeting(context.request);
  expect(person.name).toBe('Ada Ferrier');

  for (const role of ['host', 'guest']) {
    const input = { meetingId: meeting.id, role };
    const admission: Admission = await call(context.request, 'livekit.getToken', input);
    expect(admission).toMatchObject({ url: media.url, expiresIn: 300, role });
    const sources = ['camera', 'microphone'];
    if (role === 'host') sources.push('screen_share', 'screen_share_audio');
    const rights = {
      roomJoin: true,
      room: meeting.room,
      canPublish: true,
      canSubscribe: true,
      canPublishData: false,
      canPublishSources: sources,
      canUpdateOwnMetadata: false,
    };

    const { payload, protectedHeader } = await jwtVerify(admission.token, secret, {
      issuer: livekitKey,
      subject: admission.identity,
      algorithms: ['HS256'],
    });
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
    const { exp, nbf, ...claims } = payload;
    // No right but these: none to manage rooms or people.
    expect(claims).toEqual({
      iss: livekitKey,
      sub: admission.identity,
      name: 'Ada Ferrier',
      attributes: { role },
      video: rights,
    });
    expect(Number(exp) - Number(nbf)).toBe(300);

    const grants = await new TokenVerifier(livekitKey, livekitSecret).verify(admission.token);
    expect(grants.video).toEqual(rights);
    expect(grants).toMatchObject({ name: 'Ada Ferrier', attributes: { role } });
  }
  expect(media.rooms.has(meeting.room)).toBe(true);
});

test('neither library accepts a pass with another secret, or after its time', async ({
  context,
}) => {
  await registerQuickly(context);
  const meeting = await createMeeting(context.request);
  const { token }: Admission = await call(context.request, 'livekit.getToken', {
    meetingId: meeting.id,
  });
  expect(decodeProtectedHeader(token).alg).toBe('HS256');
  const other = 'another secret that is long enough';

  await expect(jwtVerify(token, new TextEncoder().encode(other))).rejects.toThrow('signature');
  await expect(new TokenVerifier(livekitKey, other).verify(token)).rejects.toThrow('signature');
  const later = new Date(Date.now() + 301_000);
  await expect(jwtVerify(token, secret, { currentDate: later })).rejects.toThrow('"exp"');
});

test('a second tab has an identity of its own, and a renewed pass that of the device', async ({
  context,
}) => {
  await registerQuickly(context);
  const { id } = await createMeeting(context.request);
  const join = (): Promise<Admission> =>
    call(context.request, 'livekit.getToken', { meetingId: id });
  const [first, second] = [await join(), await join()];
  expect(first.identity).not.toBe(second.identity);
  expect(first.identity.split('_')[0]).toBe(second.identity.split('_')[0]);

  const renewed: Admission = await call(context.request, 'livekit.renewToken', {
    meetingId: id,
    identity: first.identity,
  });
  const { payload } = await jwtVerify(renewed.token, secret);
  expect(payload.sub).toBe(first.identity);
});

test('what the official SDK signs keeps the meeting true', async ({ context, baseURL }) => {
  await registerQuickly(context);
  const { id, room } = await createMeeting(context.request);
  const { identity }: Admission = await call(context.request, 'livekit.getToken', {
    meetingId: id,
  });
  const server = String(baseURL);
  const participant = new ParticipantInfo({ sid: 'PA_1', identity, joinedAt: 1_790_000_001n });
  const event = (name: string, id: number) =>
    new WebhookEvent({
      event: name,
      id: `EV_${id}`,
      createdAt: 1_790_000_000n + BigInt(id),
      room: new Room({ sid: 'RM_1', name: room, creationTime: 1_790_000_000n }),
      ...(name.startsWith('participant') ? { participant } : {}),
    });
  const now = () => meetingOf(context.request, id);
  expect(await now()).toMatchObject({ state: 'planned' });

  expect((await tell(server, event('room_started', 0))).status).toBe(200);
  expect(await now()).toMatchObject({ state: 'live', participants: [] });
  expect((await tell(server, event('participant_joined', 1))).status).toBe(200);
  expect(await now()).toMatchObject({ state: 'live', participants: [{ identity, role: 'host' }] });
  expect((await tell(server, event('participant_left', 2))).status).toBe(200);
  expect(await now()).toMatchObject({ state: 'live', participants: [] });
  expect((await tell(server, event('room_finished', 3))).status).toBe(200);
  expect((await tell(server, event('room_started', 4))).status).toBe(200);
  expect(await now()).toMatchObject({ state: 'over', endedAt: '2026-09-21T14:13:23Z' });

  // And what another secret signs does not, nor what was signed for later than it is sent.
  const forged = await tell(server, event('participant_joined', 5), 'x'.repeat(40));
  expect([forged.status, await forged.text()]).toEqual([
    401,
    'the signature is not one of LIVEKIT_API_KEY, or it is too old\n',
  ]);
  const body = event('room_started', 6).toJsonString();
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  const stale = await new SignJWT({ sha256: Buffer.from(digest).toString('base64') })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(livekitKey)
    .setExpirationTime(new Date(Date.now() - 120_000))
    .sign(secret);
  const headers = { authorization: stale };
  const late = await fetch(`${server}/webhooks/livekit`, { method: 'POST', headers, body });
  expect(late.status).toBe(401);
  expect(await now()).toMatchObject({ state: 'over' });
});

test('a meeting of another workspace does not exist', async ({ browser, context, baseURL }) => {
  await registerQuickly(context);
  const { id } = await createMeeting(context.request);
  await using other = await browser.newContext({ baseURL: String(baseURL) });
  await registerQuickly(other, somebody());

  for (const procedure of ['livekit.getToken', 'livekit.renewToken']) {
    const answer = await other.request.post(`/trpc/${procedure}`, { data: { meetingId: id } });
    expect(answer.status()).toBe(404);
    expect((await answer.json()).error.data.error).toEqual({ kind: 'MEETING_NOT_FOUND', id });
  }
});

async function meetingOf(request: APIRequestContext, id: string) {
  const input = encodeURIComponent(JSON.stringify({ id }));
  const answer = await request.get(`/trpc/meetings.get?input=${input}`);
  return (await answer.json()).result.data.meeting;
}
