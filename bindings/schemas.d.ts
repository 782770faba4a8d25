// Generated from the Rust contract by `cargo xtask bindings`: do not edit.

import type { Schema } from '@tintype/client/schema';
import type {
  ChatSessionId,
  CostGroupBy,
  CostQuery,
  CreateMeeting,
  CreateSession,
  CreateWidget,
  DeleteSession,
  DeleteWidget,
  GetMeeting,
  History,
  InCall,
  InSession,
  JoinMeeting,
  ListMeetings,
  ListSessions,
  ListWidgets,
  Login,
  MeetingId,
  MeetingRole,
  ModelPolicyInput,
  ModelSize,
  Register,
  RejoinMeeting,
  RenameSession,
  RunId,
  SendMessage,
  SetBudget,
  StopRun,
  UpdateWidget,
  WidgetId,
} from './api.js';

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

/** Which conversation to delete. */
export declare const deleteSessionSchema: Schema<DeleteSession>;

/** Which widget to delete. */
export declare const deleteWidgetSchema: Schema<DeleteWidget>;

/** Which meeting is meant. */
export declare const getMeetingSchema: Schema<GetMeeting>;

/** Which messages to load. */
export declare const historySchema: Schema<History>;

/** Who is meant in which call. */
export declare const inCallSchema: Schema<InCall>;

/** Which conversation is meant. */
export declare const inSessionSchema: Schema<InSession>;

/** Which meeting to join, and as what. */
export declare const joinMeetingSchema: Schema<JoinMeeting>;

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

/** What somebody who signs up says. */
export declare const registerSchema: Schema<Register>;

/** Which meeting to join again. */
export declare const rejoinMeetingSchema: Schema<RejoinMeeting>;

/** A new title. */
export declare const renameSessionSchema: Schema<RenameSession>;

/**
 * Id of a run, which writes the answer to a message.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const runIdSchema: Schema<RunId>;

/** What somebody says in a conversation. */
export declare const sendMessageSchema: Schema<SendMessage>;

/** A limit that is to hold from now on. */
export declare const setBudgetSchema: Schema<SetBudget>;

/** Which run to stop. */
export declare const stopRunSchema: Schema<StopRun>;

/** What to change of a widget: at least one of name and config. */
export declare const updateWidgetSchema: Schema<UpdateWidget>;

/**
 * Id of a widget.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export declare const widgetIdSchema: Schema<WidgetId>;
