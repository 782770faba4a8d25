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
    /** Changes the caller's password, and ends their other sessions with the streams that were opened in them. */
    changePassword: Mutation<ChangePassword, Success, ChangePasswordError>;
    /** Signs in and begins a session. */
    login: Mutation<Login, SignedIn, LoginError>;
    /** Ends the session, and with it the streams that were opened in it. */
    logout: Mutation<void, Success>;
    /** Who is signed in; `null` for nobody. */
    me: Query<void, SignedIn | null>;
    /** Creates a workspace with its owner, and signs the owner in. */
    register: Mutation<Register, SignedIn, RegisterError>;
    /** Ends a session of the caller, with the streams that were opened in it; their own session too, as signing out does. */
    revokeSession: Mutation<RevokeSession, Success, RevokeSessionError>;
    /** The caller's sessions, those that were used last first, and at most 100. */
    sessions: Query<void, OwnSession[]>;
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
  knowledge: {
    /** The states of the workspace's documents as they change. */
    changed: Subscription<void, Tracked<DocumentEvent>>;
    /**
     * Looks for a question in the workspace's documents, by its words and by its meaning.
     *
     * It costs what the embedding of a new question and the ranking cost, where there are models for them.
     * If that is not possible, words are looked for, and `mode` and `notice` say so.
     */
    search: Query<Search, SearchResult>;
    documents: {
      /**
       * Adds a document, which is sent as the file of a form, and returns at once: it is read in the background.
       *
       * The same content twice is one document.
       */
      add: Mutation<FormData, AddedDocument, AddDocumentError>;
      /** Deletes a document, and all that was made of it. */
      delete: Mutation<DeleteDocument, Success, DocumentError>;
      /** The workspace's documents, newest first. */
      list: Query<ListDocuments | void, DocumentPage, ListDocumentsError>;
      /** A part of a document's text, to show what was found in its place. */
      open: Query<OpenDocument, OpenedDocument, DocumentError>;
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
  members: {
    /** Accepts an invitation: creates the member, with the address that was invited, and signs them in. */
    accept: Mutation<Accept, SignedIn, AcceptError>;
    /** Changes of who belongs to the workspace, from whichever window and instance they come. */
    changed: Subscription<void, Tracked<MemberEvent>>;
    /**
     * Invites somebody to the workspace; owners may.
     *
     * Nothing is sent: the answer has the token of a link, which the owner passes on.
     * An earlier invitation of the same address is revoked.
     */
    invite: Mutation<Invite, Invited, InvitationError>;
    /** The members of the workspace, who came first first. */
    list: Query<void, User[]>;
    /**
     * Removes a member, and ends their sessions with the streams that were opened in them; owners may.
     *
     * What the member has made stays, and their e-mail address is free.
     */
    remove: Mutation<RemoveMember, Success, MemberError>;
    /** Makes a member an owner, or an owner a member; owners may. */
    setRole: Mutation<SetRole, User, MemberError>;
    invitations: {
      /** The invitations that can be accepted, newest first; owners see them. */
      list: Query<void, Invitation[]>;
      /** What the invitation with a token leads to. */
      preview: Query<Preview, InvitationPreview, PreviewError>;
      /** Revokes an invitation, so that its link leads nowhere; owners may. */
      revoke: Mutation<RevokeInvitation, Success, InvitationError>;
    };
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

/** What somebody who accepts an invitation says. */
export type Accept = {
  /** What the link carries as `token`. */
  token: string;
  /** What the person wants to be called, 1 to 120 characters. */
  name?: string | null;
  /** Password, 8 to 128 characters of any kind. */
  password: string;
};

/** Why an invitation was not accepted. */
export type AcceptError =
  /** There is no invitation with this token. */
  | { kind: 'INVITATION_UNKNOWN' }
  /** Its time is over. */
  | { kind: 'INVITATION_EXPIRED' }
  /** Somebody has accepted it. */
  | { kind: 'INVITATION_USED' }
  /** An owner has revoked it, or has made another one for the same address. */
  | { kind: 'INVITATION_REVOKED' }
  /** Somebody has registered with the address of the invitation; an address belongs to one workspace. */
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

/** Why a document was not added. */
export type AddDocumentError =
  /** The form has no file. */
  | { kind: 'NO_FILE' }
  /** The file is empty. */
  | { kind: 'EMPTY_FILE' }
  /** The file is too large. */
  | {
      kind: 'DOCUMENT_TOO_LARGE';
      /** Most bytes. */
      limitBytes: number;
    }
  /** It is none of the formats that can be read. */
  | {
      kind: 'UNSUPPORTED_DOCUMENT';
      /** What it is, as far as that is known. */
      found: string;
    }
  /** The workspace has as many documents as it may. */
  | {
      kind: 'TOO_MANY_DOCUMENTS';
      /** The most. */
      limit: number;
    }
  /** The form did not arrive as it should. */
  | {
      kind: 'BROKEN_FORM';
      /** What is wrong with it. */
      reason: string;
    };

/** A document that was added. */
export type AddedDocument = {
  /** The document. */
  document: Document;
  /** Whether a document with the same content was there already, and this is it. */
  wasPresent: boolean;
};

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

/** What somebody who changes their password says. */
export type ChangePassword = {
  /** The password until now. */
  current: string;
  /** The password from now on, 8 to 128 characters of any kind. */
  new: string;
};

/** Why a password was not changed. */
export type ChangePasswordError =
  /** The current password is another, perhaps because it was changed elsewhere at this moment. */
  | { kind: 'WRONG_PASSWORD' }
  /** Too many attempts for this account or from this network, or at this moment; sign-ins count too. */
  | {
      kind: 'TOO_MANY_ATTEMPTS';
      /** How long to wait. */
      retryAfterSeconds: number;
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

/** A passage of a document that an answer names, as `[1]`. */
export type Citation = {
  /** The number by which the answer names it. */
  number: number;
  /** The document, which may be deleted meanwhile. */
  documentId: DocumentId;
  /** What the document is called. */
  title: string;
  /** The headings above the passage, outermost first; the page of a PDF. */
  headingPath: string[];
  /** Where it begins, in characters (Unicode scalar values) of the document's text. */
  start: number;
  /** Where it ends. */
  end: number;
  /** The passage. */
  text: string;
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

/** Which document to delete. */
export type DeleteDocument = {
  /** Its id. */
  id: DocumentId;
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

/** A browser, as far as it says what it is. */
export type Device = {
  /** The program, for example `Firefox`. */
  browser: string | null;
  /** What it runs on, for example `Windows`. */
  system: string | null;
};

/** A document. */
export type Document = {
  /** Its id. */
  id: DocumentId;
  /** What it is called, 1 to 200 characters. */
  title: string;
  /** What it is. */
  format: DocumentFormat;
  /** The size of its file. */
  sizeBytes: number;
  /** How far it is. */
  state: DocumentState;
  /** Why it failed, or what it waits for, for a person. */
  reason: string | null;
  /** The length of its text in characters (Unicode scalar values), once it is read. */
  characters: number;
  /** The pieces of its text that can be found, once it is read. */
  chunks: number;
  /** Whether it can be found by its meaning too. */
  hasVectors: boolean;
  /** Who added it; `null` when the person is gone. */
  addedBy: string | null;
  /** When it was added. */
  createdAt: Date;
  /** When its state changed. */
  updatedAt: Date;
};

/** Why a call about a document failed. */
export type DocumentError =
  /** The workspace has no such document. */
  | {
      kind: 'DOCUMENT_NOT_FOUND';
      /** The id that was asked for. */
      id: DocumentId;
    };

/** A change to a workspace's documents. */
export type DocumentEvent =
  /** A document was added, or its state changed. */
  | {
      kind: 'changed';
      /** The document as it is now. */
      document: Document;
    }
  /** A document was deleted. */
  | {
      kind: 'deleted';
      /** The id that it had. */
      id: DocumentId;
    }
  /** Changes are missing here: load the list again. */
  | { kind: 'gap' };

/** What a document is. */
export type DocumentFormat =
  /** Plain text. */
  | 'text'
  /** Markdown. */
  | 'markdown'
  /** HTML. */
  | 'html'
  /** PDF. */
  | 'pdf';

/**
 * Id of a document.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type DocumentId = string & { readonly __brand: 'DocumentId' };

/** Some documents, newest first. */
export type DocumentPage = {
  /** The documents. */
  items: Document[];
  /** Where the next page begins; `null` if this is the last. */
  nextCursor: string | null;
};

/** How far a document is. */
export type DocumentState =
  /** It waits to be read or embedded, or is just being; once it is read, its words can be found. */
  | 'pending'
  /** It can be found. */
  | 'indexed'
  /** It cannot be read. */
  | 'failed';

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

/** Where a word that was looked for is in a snippet, in UTF-16 code units as JavaScript counts them. */
export type Highlight = {
  /** Where it begins. */
  start: number;
  /** Where it ends. */
  end: number;
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

/** A piece of a document that was found. */
export type Hit = {
  /** The document. */
  document: HitDocument;
  /** Which piece. */
  chunk: HitChunk;
  /** The part of it with most of the words that were looked for, at most some 300 characters. */
  snippet: string;
  /** Where these words are in the snippet. */
  highlights: Highlight[];
  /** Why it was found. */
  scores: Scores;
};

/** A piece of a document. */
export type HitChunk = {
  /** Its number in the document, from 0 on. */
  ordinal: number;
  /** The headings above it, outermost first; the page of a PDF. */
  headingPath: string[];
  /** Where it begins, in characters (Unicode scalar values) of the document's text. */
  start: number;
  /** Where it ends. */
  end: number;
};

/** A document in which something was found. */
export type HitDocument = {
  /** Its id. */
  id: DocumentId;
  /** What it is called. */
  title: string;
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

/** An invitation that nobody has accepted yet. */
export type Invitation = {
  /** Id of the invitation. */
  id: InvitationId;
  /** Who is invited. */
  email: string;
  /** What they will be able to do. */
  role: UserRole;
  /** When it was made. */
  createdAt: Date;
  /** When it ends. */
  expiresAt: Date;
};

/** Why nobody was invited, or an invitation not revoked. */
export type InvitationError =
  /** The workspace has no such invitation, or it was revoked before. */
  | {
      kind: 'INVITATION_NOT_FOUND';
      /** The id that was asked for. */
      id: InvitationId;
    }
  /** Somebody has accepted it: they are a member now. */
  | {
      kind: 'INVITATION_USED';
      /** The id that was asked for. */
      id: InvitationId;
    }
  /** A member has this address. */
  | {
      kind: 'ALREADY_MEMBER';
      /** The address. */
      email: string;
    }
  /** As many invitations as allowed are open. */
  | {
      kind: 'TOO_MANY_INVITATIONS';
      /** How many may be open. */
      limit: number;
    }
  /** The caller was an owner a moment ago. */
  | { kind: 'NOT_OWNER' };

/**
 * Id of an invitation; it is not the secret in the link.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type InvitationId = string & { readonly __brand: 'InvitationId' };

/** What an invitation leads to. */
export type InvitationPreview = {
  /** Name of the workspace. */
  tenantName: string;
  /** The address with which to sign in later. */
  email: string;
  /** What the new member will be able to do. */
  role: UserRole;
  /** When the invitation ends. */
  expiresAt: Date;
};

/** Somebody who is to become a member. */
export type Invite = {
  /** E-mail address, at most 254 characters. */
  email: string;
  /** What they will be able to do. */
  role: UserRole;
};

/** A new invitation with its secret. */
export type Invited = {
  /** The invitation. */
  invitation: Invitation;
  /** What the link to the page `/join` carries as `token`; it is said here and never again. */
  token: string;
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

/** Which documents to list. */
export type ListDocuments = {
  /** The `nextCursor` of the page before. */
  cursor?: string | null;
  /** How many, 1 to 100; 50 without it. */
  limit?: number | null;
};

/** Why documents were not listed. */
export type ListDocumentsError =
  /** The cursor is not one of this server's. */
  | {
      kind: 'INVALID_CURSOR';
      /** The cursor that was passed. */
      cursor: string;
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

/** Why a member was not changed. */
export type MemberError =
  /** The workspace has no such member. */
  | {
      kind: 'MEMBER_NOT_FOUND';
      /** The id that was asked for. */
      id: UserId;
    }
  /** Nobody would own the workspace. */
  | { kind: 'LAST_OWNER' }
  /** Nobody removes themselves. */
  | { kind: 'OWN_REMOVAL' }
  /** The caller was an owner a moment ago. */
  | { kind: 'NOT_OWNER' };

/** A change of who belongs to the workspace. */
export type MemberEvent =
  /** Somebody has accepted an invitation. */
  | {
      kind: 'joined';
      /** The new member. */
      member: User;
    }
  /** A member has another role. */
  | {
      kind: 'changed';
      /** The member as it is now. */
      member: User;
    }
  /** A member was removed. */
  | {
      kind: 'removed';
      /** The id that they had. */
      id: UserId;
    }
  /** Somebody was invited, or an invitation revoked; which one is for owners to list. */
  | { kind: 'invitationsChanged' }
  /** Changes are missing here: load the list again. */
  | { kind: 'gap' };

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

/** Which document, and which part of it. */
export type OpenDocument = {
  /** Its id. */
  id: DocumentId;
  /** The first character (Unicode scalar value) of the part; 0 without it. */
  from?: number | null;
  /** How many characters, 1 to 100,000; 50,000 without it. */
  limit?: number | null;
};

/** A part of a document's text. */
export type OpenedDocument = {
  /** The document. */
  document: Document;
  /** The first character of the part. */
  from: number;
  /** The part; empty until the document is read, and behind its end. */
  text: string;
};

/** A session of the caller: a browser in which they are signed in. */
export type OwnSession = {
  /** Id of the session. */
  id: SessionId;
  /** The browser, as far as it says what it is. */
  device: Device;
  /** When it signed in. */
  createdAt: Date;
  /** When it was last used, to the minute. */
  lastUsedAt: Date;
  /** Whether it is the one that asks. */
  current: boolean;
};

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

/** Which invitation to look at. */
export type Preview = {
  /** What the link carries as `token`. */
  token: string;
};

/** Why an invitation cannot be accepted. */
export type PreviewError =
  /** There is no invitation with this token. */
  | { kind: 'INVITATION_UNKNOWN' }
  /** Its time is over. */
  | { kind: 'INVITATION_EXPIRED' }
  /** Somebody has accepted it. */
  | { kind: 'INVITATION_USED' }
  /** An owner has revoked it, or has made another one for the same address. */
  | { kind: 'INVITATION_REVOKED' };

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

/** Whom to remove. */
export type RemoveMember = {
  /** Id of the member. */
  id: UserId;
};

/** A new title. */
export type RenameSession = {
  /** Which conversation. */
  id: ChatSessionId;
  /** What it is called from now on, 1 to 120 characters. */
  title: string;
};

/** Which invitation to revoke. */
export type RevokeInvitation = {
  /** Its id. */
  id: InvitationId;
};

/** Which session to end. */
export type RevokeSession = {
  /** Its id. */
  id: SessionId;
};

/** Why a session was not ended. */
export type RevokeSessionError =
  /** The caller has no such session. */
  | {
      kind: 'SESSION_NOT_FOUND';
      /** The id that was asked for. */
      id: SessionId;
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

/** Why something was found; `null` where it was not found that way. */
export type Scores = {
  /** How close its meaning is: a cosine, up to 1. */
  semantic: number | null;
  /** How much its words say, by BM25, from 0 on. */
  keyword: number | null;
  /** What the model says that has read it, on a scale of its own. */
  rerank: number | null;
};

/** What to look for. */
export type Search = {
  /** The question, 1 to 1,000 characters. */
  query: string;
  /** How many hits, 1 to 50; 5 without it. */
  limit?: number | null;
};

/** What was looked for. */
export type SearchMode =
  /** The words of the question and its meaning. */
  | 'hybrid'
  /** The words of the question only. */
  | 'keyword';

/** What was found. */
export type SearchResult = {
  /** The hits, best first. */
  hits: Hit[];
  /** What was looked for. */
  mode: SearchMode;
  /** Why only words were looked for, for a person. */
  notice: string | null;
  /** Whether a model has read the hits and ranked them. */
  reranked: boolean;
};

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
      /** The passages that it names, by their numbers. */
      citations: Citation[];
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

/**
 * Id of a session; it is not the secret in the cookie.
 *
 * A UUID of version 7, written in its hyphenated form.
 */
export type SessionId = string & { readonly __brand: 'SessionId' };

/** A limit that is to hold from now on. */
export type SetBudget = {
  /** The most that may be spent in a month, in micro-dollars; `null` takes the limit away. */
  limitMicroUsd?: number | null;
};

/** Which role to give to whom. */
export type SetRole = {
  /** Id of the member. */
  id: UserId;
  /** What they may do from now on. */
  role: UserRole;
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
