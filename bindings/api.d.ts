// Generated from the Rust contract by `cargo xtask bindings`: do not edit.

import type {
  Contract,
  Mutation,
  Query,
  Rich,
  RichTypes,
  Subscription,
  Tracked,
} from '@tintype/client';

/** Every procedure, for `createClient<Api>`. */
export interface Api extends Rich {
  ai: {
    /** Says what is to be seen in an image, which is sent as the file of a form. */
    analyzeVision: Mutation<FormData, VisionAnalysis, VisionError>;
    /** The models on offer, with what they cost. */
    models: Query<void, ModelList>;
    /** Which model answers the questions of the workspace. */
    policy: Query<void, ModelPolicy>;
    /** Decides which model answers the questions of the workspace; its owners may. */
    setPolicy: Mutation<ModelPolicyInput, ModelPolicy>;
  };
  analytics: {
    /** What AI has cost: owners see everybody's costs, and members their own. */
    getCostMetrics: Query<CostQuery, CostMetrics>;
  };
  auth: {
    /** Signs in and begins a session. */
    login: Mutation<Login, SignedIn, LoginError>;
    /** Ends the session, and with it the streams that were opened in it. */
    logout: Mutation<void, Success>;
    /** Who is signed in; `null` for nobody. */
    me: Query<void, SignedIn | null>;
    /** Creates a workspace with its owner, and signs the owner in. */
    register: Mutation<Register, SignedIn, RegisterError>;
  };
  budget: {
    /** What the workspace may spend this month, and what it has spent. */
    get: Query<void, Budget>;
    /** Limits what the workspace may spend in a month; its owners may. */
    set: Mutation<SetBudget, Budget>;
  };
  chat: {
    /** The messages of a conversation, the newest page first. */
    history: Query<History, MessagePage, HistoryError>;
    /** Stores a message, and returns at once: its answer is a run that viewers watch by `chat.subscribe`. */
    sendMessage: Mutation<SendMessage, Sent, SendError>;
    /**
     * Stops an answer, on whichever instance it is written; what there is of it stays, and so does what it has cost.
     *
     * A run that is over stays as it is.
     */
    stop: Mutation<StopRun, Success, StopError>;
    /**
     * Everything that happens in a conversation, beginning with what it is now.
     *
     * Who comes in the middle of an answer gets its beginning too, and who comes back gets what happened meanwhile.
     * As long as the stream is open, others see that the caller has the conversation open.
     */
    subscribe: Subscription<InSession, Tracked<ChatEvent>, WatchError>;
    sessions: {
      /** Begins a conversation. */
      create: Mutation<CreateSession | void, ChatSession, SessionError>;
      /** Deletes a conversation with its messages; an answer that is being written ends. */
      delete: Mutation<DeleteSession, Success, SessionError>;
      /** The workspace's conversations, those with the latest change first. */
      list: Query<ListSessions | void, ChatSessionPage, ListSessionsError>;
      /** Gives a conversation another title. */
      rename: Mutation<RenameSession, ChatSession, SessionError>;
    };
  };
  livekit: {
    /** A pass to the call of a meeting, for a device that is not in it. */
    getToken: Mutation<JoinMeeting, Admission, JoinError>;
    /**
     * A pass for a new connection of a device whose pass is no longer good, by what the caller may do now.
     *
     * A device that is connected needs none: the media server renews its pass.
     */
    renewToken: Mutation<RejoinMeeting, Admission, JoinError>;
  };
  meetings: {
    /** Changes to the workspace's meetings, from whichever window and instance they come. */
    changed: Subscription<void, Tracked<MeetingEvent>>;
    /** Creates a meeting, of which the caller is a host. */
    create: Mutation<CreateMeeting, Meeting, MeetingError>;
    /** A meeting, and what the caller may do in it. */
    get: Query<GetMeeting, MeetingDetails, MeetingError>;
    /** The workspace's meetings, newest first. */
    list: Query<ListMeetings | void, MeetingPage, ListMeetingsError>;
    /** Makes somebody in the call a host, now and in later calls of the meeting. */
    promote: Mutation<InCall, Success, HostingError>;
    /** Takes somebody out of the call with all their devices; they can come back when it is over. */
    remove: Mutation<InCall, Success, HostingError>;
  };
  presence: {
    /** Who has a conversation open. */
    list: Query<InSession, PresentViewers, WatchError>;
    /** Who opens and closes a conversation, beginning with who has it open. */
    watch: Subscription<InSession, Tracked<PresenceEvent<Viewer>>, WatchError>;
  };
  widgets: {
    /** Changes to the workspace's widgets, from whichever window and instance they come. */
    changed: Subscription<void, Tracked<WidgetEvent>>;
    /** Creates a widget. */
    create: Mutation<CreateWidget, Widget, WidgetError>;
    /** Deletes a widget. */
    delete: Mutation<DeleteWidget, Success, WidgetError>;
    /** The workspace's widgets, newest first. */
    list: Query<ListWidgets | void, WidgetPage, ListError>;
    /** Gives a widget a new name, a new configuration, or both. */
    update: Mutation<UpdateWidget, Widget, WidgetError>;
  };
}

/** What a client asks of the contract while it runs: pass it to `createClient`. */
export declare const contract: Contract;

/** Where dates, big integers and bytes are: pass it to `createClient`. */
export declare const rich: RichTypes;

/** What a browser needs to join a call. */
export type Admission = {
  /** The pass, for one room and one connection. */
  token: string;
  /** Where to connect. */
  url: string;
  /** For how long the pass can be used, in seconds. */
  expiresIn: number;
  /** By what name this device is known in the call. */
  identity: string;
  /** What the caller may do there. */
  role: MeetingRole;
};

/** Who wrote a message. */
export type Author = {
  /** The user. */
  id: UserId;
  /** What the person wants to be called, or the address without it. */
  name: string;
};

/** The money of a workspace in this month, in micro-dollars: 1,000,000 are a US dollar. */
export type Budget = {
  /** The most that may be spent in a month, in UTC; `null` without a limit. */
  limitMicroUsd: number | null;
  /** What calls have cost this month. */
  spentMicroUsd: number;
  /** What is set aside for calls that are under way. */
  reservedMicroUsd: number;
};

/**
 * What happens in a conversation.
 *
 * Text that is generated has a place: `offset` says where in the answer it belongs, in UTF-16 code units as
 * JavaScript counts them, so a client that has it already can tell.
 */
export type ChatEvent =
  /** What the conversation is now: at the beginning, and where events are missing. It replaces what a client has. */
  | {
      kind: 'snapshot';
      /** What it is. */
      state: ChatState;
    }
  /** A message was stored; the answer of a run takes the place of its pieces. */
  | {
      kind: 'message';
      /** The message. */
      message: Message;
    }
  /** A piece of an answer. */
  | {
      kind: 'delta';
      /** The run that writes it. */
      runId: RunId;
      /** Where it belongs. */
      offset: number;
      /** The text. */
      text: string;
    }
  /** A run came to another state. */
  | {
      kind: 'run';
      /** The run. */
      run: Run;
    }
  /** Who has the conversation open. */
  | {
      kind: 'presence';
      /** Who is there, came, or left. */
      presence: PresenceEvent<Viewer>;
    }
  /** The conversation was deleted; nothing follows. */
  | { kind: 'deleted' }
  /** Events are missing here, and what they told could not be loaded: load the history, and go on. */
  | { kind: 'gap' };

/** A conversation. */
export type ChatSession = {
  /** Its id. */
  id: ChatSessionId;
  /** What it is called. */
  title: string;
  /** When it was created. */
  createdAt: Date;
  /** When it was renamed or a message was added. */
  updatedAt: Date;
};

/**
 * Id of a conversation.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type ChatSessionId = string & { readonly __brand: 'ChatSessionId' };

/** Some conversations, those with the latest change first. */
export type ChatSessionPage = {
  /** The conversations. */
  items: ChatSession[];
  /** Where the next page begins; `null` if this is the last. */
  nextCursor: string | null;
};

/** What a conversation is at one moment. */
export type ChatState = {
  /** Its latest messages, oldest first. */
  messages: Message[];
  /** The cursor of `chat.history` with which older messages are loaded; `null` if there are none. */
  older: string | null;
  /** The runs that are not over, oldest first. */
  runs: Writing[];
};

/** Costs of one day, service, model or user. */
export type CostGroup = {
  /** The day as `2026-11-26`, the service, the model, or the id of the user; empty for nobody. */
  key: string;
  /** Its costs. */
  totals: CostTotals;
};

/** What costs are summed up by. */
export type CostGroupBy =
  /** The day, in UTC. */
  | 'day'
  /** What calls were for: `chat`, `vision`, `embedding` or `rerank`. */
  | 'service'
  /** The model. */
  | 'model'
  /** Who caused them. */
  | 'user';

/** Costs of a workspace. */
export type CostMetrics = {
  /** All of them. */
  totals: CostTotals;
  /** By what was asked for, in the order of the keys; groups without costs are left out. */
  series: CostGroup[];
};

/** Which costs to sum up: those from `startDate` on and before `endDate`, days in UTC. */
export type CostQuery = {
  /** The first day. */
  startDate: string;
  /** The day after the last one. */
  endDate: string;
  /** What to sum up by. */
  groupBy: CostGroupBy;
};

/** A sum of costs. */
export type CostTotals = {
  /** Calls, those without a price included. */
  calls: number;
  /** Calls of models without a price, which are in no sum of money. */
  unpricedCalls: number;
  /** Calls whose tokens were estimated, because the provider did not say them. */
  estimatedCalls: number;
  /** Tokens that went in. */
  inputTokens: number;
  /** Of these, tokens from the provider's cache. */
  cachedTokens: number;
  /** Tokens that came out. */
  outputTokens: number;
  /** Money, in micro-dollars: 1,000,000 are a US dollar. */
  costMicroUsd: number;
};

/** A meeting that is to be. */
export type CreateMeeting = {
  /** What it is called, 1 to 120 characters. */
  title: string;
};

/** A conversation that is to be. */
export type CreateSession = {
  /** What it is called, 1 to 120 characters; "New conversation" without it. */
  title?: string | null;
};

/** A widget that is to be. */
export type CreateWidget = {
  /** Name, 1 to 120 characters. */
  name: string;
  /** Whatever configures it, at most 16 KiB of JSON; `{}` without it. */
  config?: { [key: string]: JsonValue } | null;
};

/** Which conversation to delete. */
export type DeleteSession = {
  /** Its id. */
  id: ChatSessionId;
};

/** Which widget to delete. */
export type DeleteWidget = {
  /** Its id. */
  id: WidgetId;
};

/** How an answer ended. */
export type Ending =
  /** It is complete. */
  | 'complete'
  /** It reached the allowed length. */
  | 'length'
  /** The provider did not want to say more. */
  | 'filtered'
  /** Somebody stopped it. */
  | 'stopped'
  /** It failed in the middle. */
  | 'failed';

/** Which meeting is meant. */
export type GetMeeting = {
  /** Its id. */
  id: MeetingId;
};

/** Which messages to load. */
export type History = {
  /** The conversation. */
  sessionId: ChatSessionId;
  /** The `nextCursor` of the page before, or `older` of a snapshot; the latest messages without it. */
  cursor?: string | null;
  /** How many, 1 to 100; 50 without it. */
  limit?: number | null;
};

/** Why messages could not be loaded. */
export type HistoryError =
  /** The workspace has no such conversation. */
  | {
      kind: 'SESSION_NOT_FOUND';
      /** The id that was asked for. */
      id: ChatSessionId;
    }
  /** The cursor is not one of this server's. */
  | {
      kind: 'INVALID_CURSOR';
      /** The cursor that was passed. */
      cursor: string;
    };

/** Why a host could not decide about somebody. */
export type HostingError =
  /** The workspace has no such meeting. */
  | {
      kind: 'MEETING_NOT_FOUND';
      /** The id that was asked for. */
      id: MeetingId;
    }
  /** The caller is no host. */
  | { kind: 'NOT_HOST' }
  /** The person is not in the call. */
  | {
      kind: 'PARTICIPANT_NOT_FOUND';
      /** The identity that was passed. */
      identity: string;
    }
  /** The person created the meeting, or owns the workspace. */
  | { kind: 'BORN_HOST' }
  /** There is no media server. */
  | { kind: 'CALLS_NOT_CONFIGURED' }
  /** The media server did not do its part. */
  | {
      kind: 'CALLS_UNAVAILABLE';
      /** Why, for a person. */
      reason: string;
    };

/** Who is meant in which call. */
export type InCall = {
  /** The meeting. */
  meetingId: MeetingId;
  /** The `identity` of a participant. */
  identity: string;
};

/** Which conversation is meant. */
export type InSession = {
  /** The conversation. */
  sessionId: ChatSessionId;
};

/** Why a meeting could not be joined. */
export type JoinError =
  /** The workspace has no such meeting. */
  | {
      kind: 'MEETING_NOT_FOUND';
      /** The id that was asked for. */
      id: MeetingId;
    }
  /** The caller asked for more than they may do. */
  | { kind: 'NOT_HOST' }
  /** A host removed the caller. */
  | { kind: 'REMOVED' }
  /** The identity is not one that the caller was given. */
  | {
      kind: 'INVALID_IDENTITY';
      /** What was passed. */
      identity: string;
    }
  /** There is no media server. */
  | { kind: 'CALLS_NOT_CONFIGURED' }
  /** The media server did not do its part. */
  | {
      kind: 'CALLS_UNAVAILABLE';
      /** Why, for a person. */
      reason: string;
    };

/** Which meeting to join, and as what. */
export type JoinMeeting = {
  /** The meeting. */
  meetingId: MeetingId;
  /** As what: less than the caller may do, but not more. As much as the caller may do without it. */
  role?: MeetingRole | null;
};

/** Why a page could not be listed. */
export type ListError =
  /** The cursor is not one of this server's. */
  | {
      kind: 'INVALID_CURSOR';
      /** The cursor that was passed. */
      cursor: string;
    };

/** Which meetings to list. */
export type ListMeetings = {
  /** The `nextCursor` of the page before. */
  cursor?: string | null;
  /** How many, 1 to 100; 50 without it. */
  limit?: number | null;
};

/** Why a page of meetings could not be listed. */
export type ListMeetingsError =
  /** The cursor is not one of this server's. */
  | {
      kind: 'INVALID_CURSOR';
      /** The cursor that was passed. */
      cursor: string;
    };

/** Which conversations to list. */
export type ListSessions = {
  /** The `nextCursor` of the page before. */
  cursor?: string | null;
  /** How many, 1 to 100; 50 without it. */
  limit?: number | null;
};

/** Why a page of conversations could not be listed. */
export type ListSessionsError =
  /** The cursor is not one of this server's. */
  | {
      kind: 'INVALID_CURSOR';
      /** The cursor that was passed. */
      cursor: string;
    };

/** Which widgets to list. */
export type ListWidgets = {
  /** The `nextCursor` of the page before. */
  cursor?: string | null;
  /** How many, 1 to 100; 50 without it. */
  limit?: number | null;
};

/** What somebody who signs in says. */
export type Login = {
  /** E-mail address. */
  email: string;
  /** Password. */
  password: string;
};

/** Why a sign-in failed. */
export type LoginError =
  /** There is no account with this address and password; which of the two is wrong is not said. */
  | { kind: 'INVALID_CREDENTIALS' }
  /** Too many attempts for this account or from this network, or at this moment. */
  | {
      kind: 'TOO_MANY_ATTEMPTS';
      /** How long to wait. */
      retryAfterSeconds: number;
    };

/** A meeting, and what its call is now. */
export type Meeting = {
  /** Its id. */
  id: MeetingId;
  /** What it is called. */
  title: string;
  /** Who created it; `null` when the person is gone. */
  createdBy: MeetingCreator | null;
  /** When it was created. */
  createdAt: Date;
  /** Where its latest call is. */
  state: MeetingState;
  /** When the call began; `null` if there was none. */
  startedAt: Date | null;
  /** When the call ended; `null` while it goes on. */
  endedAt: Date | null;
  /** Who is in the call, by when they joined; a person is there once for each device. */
  participants: Participant[];
};

/** Who created a meeting. */
export type MeetingCreator = {
  /** The user. */
  id: UserId;
  /** What the person wants to be called, or the address without it. */
  name: string;
};

/** A meeting, and what the caller may do in it. */
export type MeetingDetails = {
  /** The meeting. */
  meeting: Meeting;
  /** As what the caller may join. */
  role: MeetingRole;
  /** Whether a media server is configured, without which nobody can join. */
  canJoin: boolean;
};

/** Why a meeting could not be read or created. */
export type MeetingError =
  /** The workspace has no such meeting. */
  | {
      kind: 'MEETING_NOT_FOUND';
      /** The id that was asked for. */
      id: MeetingId;
    };

/** A change to a workspace's meetings. */
export type MeetingEvent =
  /** A meeting was created. */
  | {
      kind: 'created';
      /** The meeting. */
      meeting: Meeting;
    }
  /** A call began or ended, somebody joined or left, or may do something else than before. */
  | {
      kind: 'changed';
      /** The meeting as it is now. */
      meeting: Meeting;
    }
  /** Changes are missing here: load the list again. */
  | { kind: 'gap' };

/**
 * Id of a meeting.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type MeetingId = string & { readonly __brand: 'MeetingId' };

/** Some meetings, newest first. */
export type MeetingPage = {
  /** The meetings. */
  items: Meeting[];
  /** Where the next page begins; `null` if this is the last. */
  nextCursor: string | null;
  /** Whether a media server is configured, without which nobody can join. */
  canJoin: boolean;
};

/** What a person may do in a call. */
export type MeetingRole =
  /** Speak, show and share, and promote and remove others. */
  | 'host'
  /** Speak and show. */
  | 'guest';

/** Where the latest call of a meeting is. */
export type MeetingState =
  /** There was none. */
  | 'planned'
  /** It goes on. */
  | 'live'
  /** It has ended. */
  | 'over';

/** Somebody who is there. */
export type Member<M> = {
  /** Who it is; a user who is there in several windows is there once. */
  id: string;
  /** What others see of the member; what the member entered with last. */
  data: M;
};

/** A message of a conversation. */
export type Message = {
  /** Its id. */
  id: MessageId;
  /** The conversation. */
  sessionId: ChatSessionId;
  /** Its number in the conversation, from 1 on, without holes. */
  seq: number;
  /** What is said; Markdown, if a model says it. */
  content: string;
  /** When it was stored. */
  createdAt: Date;
} & Sender;

/**
 * Id of a message.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type MessageId = string & { readonly __brand: 'MessageId' };

/** Some messages, oldest first; the newest page comes first. */
export type MessagePage = {
  /** The messages. */
  items: Message[];
  /** Where the page with older messages begins; `null` if there are none. */
  nextCursor: string | null;
};

/** A model on offer. */
export type Model = {
  /** The provider's name for it. */
  name: string;
  /** Who is asked. */
  provider: string;
  /** What it is used for. */
  usedFor: ModelUse;
  /** What a million input tokens cost, in micro-dollars; `null` without a price. */
  inputMicroUsd: number | null;
  /** What a million input tokens from the provider's cache cost, in micro-dollars. */
  cachedInputMicroUsd: number | null;
  /** What a million output tokens cost, in micro-dollars. */
  outputMicroUsd: number | null;
};

/** The models on offer. */
export type ModelList = {
  /** The models. */
  items: Model[];
  /** Which prices these are, for example the day on which they were read. */
  priceVersion: string;
};

/** Which model answers. */
export type ModelPolicy = {
  /** The model for every question; `null` lets each question decide. */
  size: ModelSize | null;
};

/** Which model answers. */
export type ModelPolicyInput = {
  /** The model for every question; `null` lets each question decide. */
  size?: ModelSize | null;
};

/** Which of the two models answers. */
export type ModelSize =
  /** The cheap one. */
  | 'small'
  /** The one that can do more. */
  | 'large';

/** What a model is used for. */
export type ModelUse =
  /** Answers to plain questions. */
  | 'small'
  /** Answers to hard questions. */
  | 'large'
  /** Looking at images. */
  | 'vision'
  /** Searching by meaning. */
  | 'embedding';

/** Somebody in a call, on one device. */
export type Participant = {
  /** By what name the media server knows the device. */
  identity: string;
  /** The user. */
  userId: UserId;
  /** What the person wants to be called, or the address without it. */
  name: string;
  /** What the person may do. */
  role: MeetingRole;
  /** When the device joined. */
  joinedAt: Date;
};

/** What a subscription to a presence hears. */
export type PresenceEvent<M> =
  /** Who is there now: at the beginning, and when something was missed. */
  | {
      kind: 'here';
      /** All of them, in no order. */
      members: Member<M>[];
    }
  /** Somebody came, who may have been among those that were there. */
  | {
      kind: 'joined';
      /** Who it is. */
      member: Member<M>;
    }
  /** Somebody is not there any more, in any window. */
  | {
      kind: 'left';
      /** Who it was. */
      member: Member<M>;
    };

/** Who has a conversation open. */
export type PresentViewers = {
  /** Each person once, in no order. */
  viewers: Viewer[];
};

/** What somebody who signs up says. */
export type Register = {
  /** E-mail address, at most 254 characters. */
  email: string;
  /** Password, 8 to 128 characters of any kind. */
  password: string;
  /** Name of the workspace, 1 to 120 characters. */
  tenantName: string;
  /** What the person wants to be called, 1 to 120 characters. */
  name?: string | null;
};

/** Why a registration failed. */
export type RegisterError =
  /** Somebody has registered with this address. */
  | {
      kind: 'EMAIL_TAKEN';
      /** The address. */
      email: string;
    }
  /** Too many registrations from this network, or at this moment. */
  | {
      kind: 'TOO_MANY_ATTEMPTS';
      /** How long to wait. */
      retryAfterSeconds: number;
    };

/** Which meeting to join again. */
export type RejoinMeeting = {
  /** The meeting. */
  meetingId: MeetingId;
  /** The `identity` that this device had, to take the place of a connection that was lost; a new one without it. */
  identity?: string | null;
};

/** A new title. */
export type RenameSession = {
  /** Which conversation. */
  id: ChatSessionId;
  /** What it is called from now on, 1 to 120 characters. */
  title: string;
};

/** An answer that the server writes. */
export type Run = {
  /** Its id. */
  id: RunId;
  /** The message that it answers. */
  questionId: MessageId;
  /** Where it is. */
  state: RunState;
  /** Why it failed, for a person. */
  reason: string | null;
  /** Who is asked; `extractive` if no model is configured. */
  provider: string;
  /** The model. */
  model: string;
  /** Why this model. */
  modelReason: string;
  /** The model that was to answer before this one had to. */
  fallbackFrom: string | null;
};

/**
 * Id of a run, which writes the answer to a message.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type RunId = string & { readonly __brand: 'RunId' };

/** Where a run is. */
export type RunState =
  /** It waits for earlier answers. */
  | 'queued'
  /** It is being written. */
  | 'running'
  /** The answer is written. */
  | 'done'
  /** It failed. */
  | 'failed'
  /** Somebody stopped it. */
  | 'cancelled';

/** Why a message was not sent. */
export type SendError =
  /** The workspace has no such conversation. */
  | {
      kind: 'SESSION_NOT_FOUND';
      /** The id that was asked for. */
      id: ChatSessionId;
    }
  /** The answer could cost more than the month's budget leaves. */
  | {
      kind: 'BUDGET_EXCEEDED';
      /** The most that the answer may cost, in micro-dollars. */
      neededMicroUsd: number;
      /** The limit of the month, in micro-dollars. */
      limitMicroUsd: number;
      /** What is spent of it, in micro-dollars. */
      spentMicroUsd: number;
      /** What is set aside for answers under way, in micro-dollars. */
      reservedMicroUsd: number;
    }
  /** Too many answers of this conversation are waiting. */
  | {
      kind: 'TOO_MANY_RUNS';
      /** The most that may wait. */
      limit: number;
    };

/** What somebody says in a conversation. */
export type SendMessage = {
  /** The conversation. */
  sessionId: ChatSessionId;
  /** What is said, 1 to 32,000 characters. */
  content: string;
  /** An id of the sender's: the same one again sends nothing and gives the first result. */
  clientMessageId: string;
};

/** Who says something. */
export type Sender =
  /** A person. */
  | {
      role: 'user';
      /** Who; `null` when the person is gone. */
      author: Author | null;
      /** By what id the sender's program knows the message. */
      clientMessageId: string;
    }
  /** A model, or what stands in for one. */
  | {
      role: 'assistant';
      /** The run that wrote it. */
      runId: RunId;
      /** How the answer ended. */
      ending: Ending;
      /** Who was asked; `extractive` if no model is configured. */
      provider: string;
      /** The model. */
      model: string;
    };

/** A message that is stored, and the run that answers it. */
export type Sent = {
  /** The message. */
  message: Message;
  /** The run, whose answer comes by `chat.subscribe`. */
  runId: RunId;
};

/** Why a conversation could not be changed. */
export type SessionError =
  /** The workspace has no such conversation. */
  | {
      kind: 'SESSION_NOT_FOUND';
      /** The id that was asked for. */
      id: ChatSessionId;
    };

/** A limit that is to hold from now on. */
export type SetBudget = {
  /** The most that may be spent in a month, in micro-dollars; `null` takes the limit away. */
  limitMicroUsd?: number | null;
};

/** Who is signed in, and where. */
export type SignedIn = {
  /** The user. */
  user: User;
  /** The workspace. */
  tenant: Tenant;
};

/** Why a run was not stopped. */
export type StopError =
  /** The workspace has no such run. */
  | {
      kind: 'RUN_NOT_FOUND';
      /** The id that was asked for. */
      id: RunId;
    };

/** Which run to stop. */
export type StopRun = {
  /** Its id. */
  runId: RunId;
};

/** It is done. */
export type Success = {
  /** Always `true`: a failure is an error. */
  success: boolean;
};

/** A workspace: what belongs to it is seen by its members and by nobody else. */
export type Tenant = {
  /** Id of the workspace. */
  id: TenantId;
  /** Its name. */
  name: string;
  /** When it was created. */
  createdAt: Date;
};

/**
 * Id of a tenant, the isolation boundary.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type TenantId = string & { readonly __brand: 'TenantId' };

/** What to change of a widget: at least one of name and config. */
export type UpdateWidget = {
  /** Which widget. */
  id: WidgetId;
  /** The new name, 1 to 120 characters. */
  name?: string | null;
  /** The new configuration, at most 16 KiB of JSON; it replaces the old one. */
  config?: { [key: string]: JsonValue } | null;
};

/** A user of a workspace. */
export type User = {
  /** Id of the user. */
  id: UserId;
  /** E-mail address, as it was given at registration. */
  email: string;
  /** What the person wants to be called. */
  name: string | null;
  /** What the user may do. */
  role: UserRole;
  /** When the user registered. */
  createdAt: Date;
};

/**
 * Id of a user.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type UserId = string & { readonly __brand: 'UserId' };

/** What a user may do in a workspace. */
export type UserRole =
  /** Everything. */
  | 'owner'
  /** Everything but to change members and budgets. */
  | 'member';

/** Somebody who has a conversation open. */
export type Viewer = {
  /** The user. */
  id: UserId;
  /** What the person wants to be called, or the address without it. */
  name: string;
};

/** What is to be seen in an image. */
export type VisionAnalysis = {
  /** The answer. */
  analysis: string;
  /** Who looked. */
  provider: string;
  /** The model. */
  model: string;
  /** What was used for it. */
  usage: VisionUsage;
  /** What it cost, in micro-dollars; `null` if the model has no price. */
  costMicroUsd: number | null;
  /** Whether the image shows the same as the last one, and this is the answer about that one. */
  reused: boolean;
};

/** Why an image was not analysed. */
export type VisionError =
  /** No model is configured that looks at images. */
  | { kind: 'VISION_NOT_CONFIGURED' }
  /** The workspace has no such conversation. */
  | {
      kind: 'SESSION_NOT_FOUND';
      /** The id that was asked for. */
      id: ChatSessionId;
    }
  /** The form has no file. */
  | { kind: 'NO_IMAGE' }
  /** The file is too large. */
  | {
      kind: 'IMAGE_TOO_HEAVY';
      /** Most bytes. */
      limitBytes: number;
    }
  /** The image has too many pixels. */
  | {
      kind: 'IMAGE_TOO_LARGE';
      /** Its width. */
      width: number;
      /** Its height. */
      height: number;
      /** Most pixels. */
      limitPixels: number;
    }
  /** The file is no PNG, JPEG or WebP, whatever its name says. */
  | {
      kind: 'UNSUPPORTED_IMAGE';
      /** What it is, where that is known, for example `gif`. */
      found: string | null;
    }
  /** The image is cut off or damaged. */
  | {
      kind: 'BROKEN_IMAGE';
      /** What is wrong with it. */
      reason: string;
    }
  /** The answer could cost more than the month's budget leaves. */
  | {
      kind: 'BUDGET_EXCEEDED';
      /** The most that the answer may cost, in micro-dollars. */
      neededMicroUsd: number;
      /** The limit of the month, in micro-dollars. */
      limitMicroUsd: number;
      /** What is spent of it, in micro-dollars. */
      spentMicroUsd: number;
      /** What is set aside for answers under way, in micro-dollars. */
      reservedMicroUsd: number;
    }
  /** Whoever looks did not answer. */
  | {
      kind: 'PROVIDER_FAILED';
      /** Why, for a person. */
      reason: string;
    }
  /** The form did not arrive as it should. */
  | {
      kind: 'BROKEN_FORM';
      /** What is wrong with it. */
      reason: string;
    };

/** What an answer about an image has used. */
export type VisionUsage = {
  /** Tokens that went in, those of the image included. */
  inputTokens: number;
  /** Tokens that came out. */
  outputTokens: number;
  /** Whether the provider did not say it, and this is an estimate. */
  isEstimate: boolean;
};

/** Why a conversation, or who has it open, could not be watched. */
export type WatchError =
  /** The workspace has no such conversation. */
  | {
      kind: 'SESSION_NOT_FOUND';
      /** The id that was asked for. */
      id: ChatSessionId;
    };

/** A widget. */
export type Widget = {
  /** Id of the widget. */
  id: WidgetId;
  /** Name, 1 to 120 characters. */
  name: string;
  /** Whatever configures it. */
  config: { [key: string]: JsonValue };
  /** When it was created. */
  createdAt: Date;
  /** When it was last changed. */
  updatedAt: Date;
};

/** Why a call about widgets failed. */
export type WidgetError =
  /** The workspace has no such widget. */
  | {
      kind: 'WIDGET_NOT_FOUND';
      /** The id that was asked for. */
      id: WidgetId;
    };

/** A change to a workspace's widgets. */
export type WidgetEvent =
  /** A widget was created. */
  | {
      kind: 'created';
      /** The widget. */
      widget: Widget;
    }
  /** A widget was changed. */
  | {
      kind: 'updated';
      /** The widget as it is now. */
      widget: Widget;
    }
  /** A widget was deleted. */
  | {
      kind: 'deleted';
      /** The id that it had. */
      id: WidgetId;
    }
  /** Changes are missing here: load the list again. */
  | { kind: 'gap' };

/**
 * Id of a widget.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type WidgetId = string & { readonly __brand: 'WidgetId' };

/** Some widgets, newest first. */
export type WidgetPage = {
  /** The widgets. */
  items: Widget[];
  /** Where the next page begins; `null` if this is the last. */
  nextCursor: string | null;
};

/** A run that is not over. */
export type Writing = {
  /** The run. */
  run: Run;
  /** The answer so far; pieces follow. */
  text: string;
};

/** Any JSON. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

export {};
//# sourceMappingURL=api.d.ts.map
