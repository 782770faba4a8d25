// Generated from the Rust contract by `cargo xtask bindings`: do not edit.

import {
  all,
  any,
  byteLength,
  charLength,
  date,
  email,
  integer,
  nullable,
  object,
  oneOf,
  range,
  record,
  schema,
  string,
  uuid,
} from '@tintype/client/schema';

export const acceptSchema = /* @__PURE__ */ schema(() =>
  object(
    {
      token: all(string, byteLength(1, 128)),
      password: all(string, charLength(8, 128)),
    },
    { name: nullable(all(string, charLength(1, 120))) },
  ),
);

export const changePasswordSchema = /* @__PURE__ */ schema(() =>
  object({
    current: all(string, charLength(1, 128)),
    new: all(string, charLength(8, 128)),
  }),
);

export const chatSessionIdSchema = /* @__PURE__ */ schema(() =>
  uuid,
);

export const costGroupBySchema = /* @__PURE__ */ schema(() =>
  oneOf('day', 'service', 'model', 'user'),
);

export const costQuerySchema = /* @__PURE__ */ schema(() =>
  object({ startDate: date, endDate: date, groupBy: costGroupBySchema }),
);

export const createMeetingSchema = /* @__PURE__ */ schema(() =>
  object({ title: all(string, charLength(1, 120)) }),
);

export const createSessionSchema = /* @__PURE__ */ schema(() =>
  object({}, { title: nullable(all(string, charLength(1, 120))) }),
);

export const createWidgetSchema = /* @__PURE__ */ schema(() =>
  object({ name: all(string, charLength(1, 120)) }, { config: nullable(record(any)) }),
);

export const deleteDocumentSchema = /* @__PURE__ */ schema(() =>
  object({ id: documentIdSchema }),
);

export const deleteSessionSchema = /* @__PURE__ */ schema(() =>
  object({ id: chatSessionIdSchema }),
);

export const deleteWidgetSchema = /* @__PURE__ */ schema(() =>
  object({ id: widgetIdSchema }),
);

export const documentIdSchema = /* @__PURE__ */ schema(() =>
  uuid,
);

export const getMeetingSchema = /* @__PURE__ */ schema(() =>
  object({ id: meetingIdSchema }),
);

export const historySchema = /* @__PURE__ */ schema(() =>
  object(
    { sessionId: chatSessionIdSchema },
    {
      cursor: nullable(string),
      limit: nullable(all(integer(0, 4294967295), range(1, 100))),
    },
  ),
);

export const inCallSchema = /* @__PURE__ */ schema(() =>
  object({ meetingId: meetingIdSchema, identity: string }),
);

export const inSessionSchema = /* @__PURE__ */ schema(() =>
  object({ sessionId: chatSessionIdSchema }),
);

export const invitationIdSchema = /* @__PURE__ */ schema(() =>
  uuid,
);

export const inviteSchema = /* @__PURE__ */ schema(() =>
  object({
    email: all(string, email, byteLength(undefined, 254)),
    role: userRoleSchema,
  }),
);

export const joinMeetingSchema = /* @__PURE__ */ schema(() =>
  object({ meetingId: meetingIdSchema }, { role: nullable(meetingRoleSchema) }),
);

export const listDocumentsSchema = /* @__PURE__ */ schema(() =>
  object(
    {},
    {
      cursor: nullable(string),
      limit: nullable(all(integer(0, 4294967295), range(1, 100))),
    },
  ),
);

export const listMeetingsSchema = /* @__PURE__ */ schema(() =>
  object(
    {},
    {
      cursor: nullable(string),
      limit: nullable(all(integer(0, 4294967295), range(1, 100))),
    },
  ),
);

export const listSessionsSchema = /* @__PURE__ */ schema(() =>
  object(
    {},
    {
      cursor: nullable(string),
      limit: nullable(all(integer(0, 4294967295), range(1, 100))),
    },
  ),
);

export const listWidgetsSchema = /* @__PURE__ */ schema(() =>
  object(
    {},
    {
      cursor: nullable(string),
      limit: nullable(all(integer(0, 4294967295), range(1, 100))),
    },
  ),
);

export const loginSchema = /* @__PURE__ */ schema(() =>
  object({
    email: all(string, byteLength(1, 254)),
    password: all(string, charLength(1, 128)),
  }),
);

export const meetingIdSchema = /* @__PURE__ */ schema(() =>
  uuid,
);

export const meetingRoleSchema = /* @__PURE__ */ schema(() =>
  oneOf('host', 'guest'),
);

export const modelPolicyInputSchema = /* @__PURE__ */ schema(() =>
  object({}, { size: nullable(modelSizeSchema) }),
);

export const modelSizeSchema = /* @__PURE__ */ schema(() =>
  oneOf('small', 'large'),
);

export const openDocumentSchema = /* @__PURE__ */ schema(() =>
  object(
    { id: documentIdSchema },
    {
      from: nullable(integer(0, 4294967295)),
      limit: nullable(all(integer(0, 4294967295), range(1, 100000))),
    },
  ),
);

export const previewSchema = /* @__PURE__ */ schema(() =>
  object({ token: all(string, byteLength(1, 128)) }),
);

export const registerSchema = /* @__PURE__ */ schema(() =>
  object(
    {
      email: all(string, email, byteLength(undefined, 254)),
      password: all(string, charLength(8, 128)),
      tenantName: all(string, charLength(1, 120)),
    },
    { name: nullable(all(string, charLength(1, 120))) },
  ),
);

export const rejoinMeetingSchema = /* @__PURE__ */ schema(() =>
  object({ meetingId: meetingIdSchema }, { identity: nullable(string) }),
);

export const removeMemberSchema = /* @__PURE__ */ schema(() =>
  object({ id: userIdSchema }),
);

export const renameSessionSchema = /* @__PURE__ */ schema(() =>
  object({ id: chatSessionIdSchema, title: all(string, charLength(1, 120)) }),
);

export const revokeInvitationSchema = /* @__PURE__ */ schema(() =>
  object({ id: invitationIdSchema }),
);

export const revokeSessionSchema = /* @__PURE__ */ schema(() =>
  object({ id: sessionIdSchema }),
);

export const runIdSchema = /* @__PURE__ */ schema(() =>
  uuid,
);

export const searchSchema = /* @__PURE__ */ schema(() =>
  object(
    { query: all(string, charLength(1, 1000)) },
    { limit: nullable(all(integer(0, 4294967295), range(1, 50))) },
  ),
);

export const sendMessageSchema = /* @__PURE__ */ schema(() =>
  object({
    sessionId: chatSessionIdSchema,
    content: all(string, charLength(1, 32000)),
    clientMessageId: uuid,
  }),
);

export const sessionIdSchema = /* @__PURE__ */ schema(() =>
  uuid,
);

export const setBudgetSchema = /* @__PURE__ */ schema(() =>
  object({}, { limitMicroUsd: nullable(integer(0)) }),
);

export const setRoleSchema = /* @__PURE__ */ schema(() =>
  object({ id: userIdSchema, role: userRoleSchema }),
);

export const stopRunSchema = /* @__PURE__ */ schema(() =>
  object({ runId: runIdSchema }),
);

export const updateWidgetSchema = /* @__PURE__ */ schema(() =>
  object(
    { id: widgetIdSchema },
    { name: nullable(all(string, charLength(1, 120))), config: nullable(record(any)) },
  ),
);

export const userIdSchema = /* @__PURE__ */ schema(() =>
  uuid,
);

export const userRoleSchema = /* @__PURE__ */ schema(() =>
  oneOf('owner', 'member'),
);

export const widgetIdSchema = /* @__PURE__ */ schema(() =>
  uuid,
);
