// Generated from the Rust contract by `cargo xtask bindings`: do not edit.

import type { Schema } from '@tintype/client/schema';
import type {
  Accept,
  ChangePassword,
  ChatSessionId,
  CostGroupBy,
  CostQuery,
  CreateMeeting,
  CreateSession,
  CreateWidget,
  DeleteDocument,
  DeleteSession,
  DeleteWidget,
  DocumentId,
  GetMeeting,
  History,
  InCall,
  InSession,
  InvitationId,
  Invite,
  JoinMeeting,
  ListDocuments,
  ListMeetings,
  ListSessions,
  ListWidgets,
  Login,
  MeetingId,
  MeetingRole,
  ModelPolicyInput,
  ModelSize,
  OpenDocument,
  Preview,
  Register,
  RejoinMeeting,
  RemoveMember,
  RenameSession,
  RevokeInvitation,
  RevokeSession,
  RunId,
  Search,
  SendMessage,
  SessionId,
  SetBudget,
  SetRole,
  StopRun,
  UpdateWidget,
  UserId,
  UserRole,
  WidgetId,
} from './api.js';

/** What somebody who accepts an invitation says. */
export declare const acceptSchema: Schema<Accept>;

/** What somebody who changes their password says. */
export declare const changePasswordSchema: Schema<ChangePassword>;

/**
 * Id of a conversation.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const chatSessionIdSchema: Schema<ChatSessionId>;

/** What costs are summed up by. */
export declare const costGroupBySchema: Schema<CostGroupBy>;

/** Which costs to sum up: those from `startDate` on and before `endDate`, days in UTC. */
export declare const costQuerySchema: Schema<CostQuery>;

/** A meeting that is to be. */
export declare const createMeetingSchema: Schema<CreateMeeting>;

/** A conversation that is to be. */
export declare const createSessionSchema: Schema<CreateSession>;

/** A widget that is to be. */
export declare const createWidgetSchema: Schema<CreateWidget>;

/** Which document to delete. */
export declare const deleteDocumentSchema: Schema<DeleteDocument>;

/** Which conversation to delete. */
export declare const deleteSessionSchema: Schema<DeleteSession>;

/** Which widget to delete. */
export declare const deleteWidgetSchema: Schema<DeleteWidget>;

/**
 * Id of a document.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const documentIdSchema: Schema<DocumentId>;

/** Which meeting is meant. */
export declare const getMeetingSchema: Schema<GetMeeting>;

/** Which messages to load. */
export declare const historySchema: Schema<History>;

/** Who is meant in which call. */
export declare const inCallSchema: Schema<InCall>;

/** Which conversation is meant. */
export declare const inSessionSchema: Schema<InSession>;

/**
 * Id of an invitation; it is not the secret in the link.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const invitationIdSchema: Schema<InvitationId>;

/** Somebody who is to become a member. */
export declare const inviteSchema: Schema<Invite>;

/** Which meeting to join, and as what. */
export declare const joinMeetingSchema: Schema<JoinMeeting>;

/** Which documents to list. */
export declare const listDocumentsSchema: Schema<ListDocuments>;

/** Which meetings to list. */
export declare const listMeetingsSchema: Schema<ListMeetings>;

/** Which conversations to list. */
export declare const listSessionsSchema: Schema<ListSessions>;

/** Which widgets to list. */
export declare const listWidgetsSchema: Schema<ListWidgets>;

/** What somebody who signs in says. */
export declare const loginSchema: Schema<Login>;

/**
 * Id of a meeting.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const meetingIdSchema: Schema<MeetingId>;

/** What a person may do in a call. */
export declare const meetingRoleSchema: Schema<MeetingRole>;

/** Which model answers. */
export declare const modelPolicyInputSchema: Schema<ModelPolicyInput>;

/** Which of the two models answers. */
export declare const modelSizeSchema: Schema<ModelSize>;

/** Which document, and which part of it. */
export declare const openDocumentSchema: Schema<OpenDocument>;

/** Which invitation to look at. */
export declare const previewSchema: Schema<Preview>;

/** What somebody who signs up says. */
export declare const registerSchema: Schema<Register>;

/** Which meeting to join again. */
export declare const rejoinMeetingSchema: Schema<RejoinMeeting>;

/** Whom to remove. */
export declare const removeMemberSchema: Schema<RemoveMember>;

/** A new title. */
export declare const renameSessionSchema: Schema<RenameSession>;

/** Which invitation to revoke. */
export declare const revokeInvitationSchema: Schema<RevokeInvitation>;

/** Which session to end. */
export declare const revokeSessionSchema: Schema<RevokeSession>;

/**
 * Id of a run, which writes the answer to a message.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const runIdSchema: Schema<RunId>;

/** What to look for. */
export declare const searchSchema: Schema<Search>;

/** What somebody says in a conversation. */
export declare const sendMessageSchema: Schema<SendMessage>;

/**
 * Id of a session; it is not the secret in the cookie.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const sessionIdSchema: Schema<SessionId>;

/** A limit that is to hold from now on. */
export declare const setBudgetSchema: Schema<SetBudget>;

/** Which role to give to whom. */
export declare const setRoleSchema: Schema<SetRole>;

/** Which run to stop. */
export declare const stopRunSchema: Schema<StopRun>;

/** What to change of a widget: at least one of name and config. */
export declare const updateWidgetSchema: Schema<UpdateWidget>;

/**
 * Id of a user.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const userIdSchema: Schema<UserId>;

/** What a user may do in a workspace. */
export declare const userRoleSchema: Schema<UserRole>;

/**
 * Id of a widget.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const widgetIdSchema: Schema<WidgetId>;
