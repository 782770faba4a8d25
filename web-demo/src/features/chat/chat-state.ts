import type { ChatEvent, Message, RunId, Viewer, Writing } from '@tintype/bindings/api';

/** What a window knows of a conversation. */
export type Conversation = {
  phase: 'loading' | 'open' | 'deleted';
  /** Oldest first. */
  messages: readonly Message[];
  /** Where older messages are; `null` if there are none. */
  older: string | null;
  /** Answers whose message is not there yet, those that have failed or were stopped among them. */
  runs: readonly Writing[];
  viewers: readonly Viewer[];
  /** Whether something is missing that only a new beginning can bring. */
  isTorn: boolean;
};

/** What changes it: an event of the server, or a page of older messages. */
export type ChatChange =
  | ChatEvent
  | { kind: 'older'; messages: readonly Message[]; older: string | null };

/** A conversation of which nothing is known yet. */
export const nothingYet: Conversation = {
  phase: 'loading',
  messages: [],
  older: null,
  runs: [],
  viewers: [],
  isTorn: false,
};

/** The conversation after a change; the very same object if it was known already. */
export function applyChange(conversation: Conversation, change: ChatChange): Conversation {
  switch (change.kind) {
    case 'snapshot': {
      const { messages, older, runs } = change.state;
      const { viewers } = conversation;
      return { phase: 'open', messages, older, runs, viewers, isTorn: false };
    }
    case 'message':
      return addMessage(conversation, change.message);
    case 'delta':
      return addPiece(conversation, change.runId, change.offset, change.text);
    case 'run':
      return updateRun(conversation, change.run);
    case 'presence':
      return { ...conversation, viewers: present(conversation.viewers, change.presence) };
    case 'older': {
      const known = new Set(conversation.messages.map((message) => message.id));
      const older = change.messages.filter((message) => !known.has(message.id));
      return {
        ...conversation,
        messages: [...older, ...conversation.messages],
        older: change.older,
      };
    }
    case 'deleted':
      return { ...conversation, phase: 'deleted', runs: [] };
    case 'gap':
      return { ...conversation, isTorn: true };
  }
}

/** Whether a run is not over. */
export function isUnderWay({ run }: Writing): boolean {
  return run.state === 'queued' || run.state === 'running';
}

function addMessage(conversation: Conversation, message: Message): Conversation {
  const others = conversation.messages.filter((other) => other.id !== message.id);
  const next = others.findIndex((other) => other.seq > message.seq);
  const messages = others.toSpliced(next === -1 ? others.length : next, 0, message);
  // The answer takes the place of its pieces.
  const runs =
    message.role === 'assistant'
      ? conversation.runs.filter(({ run }) => run.id !== message.runId)
      : conversation.runs;
  return { ...conversation, messages, runs };
}

function addPiece(
  conversation: Conversation,
  runId: RunId,
  offset: number,
  piece: string,
): Conversation {
  const writing = conversation.runs.find(({ run }) => run.id === runId);
  if (writing === undefined) {
    return isAnswered(conversation, runId) ? conversation : { ...conversation, isTorn: true };
  }
  if (!isUnderWay(writing)) return conversation;
  const { text } = writing;
  // Offsets count as strings do here, in UTF-16 code units.
  if (offset > text.length) return { ...conversation, isTorn: true };
  const news = piece.slice(text.length - offset);
  if (news === '') return conversation;
  return replaceRun(conversation, { ...writing, text: text + news });
}

function updateRun(conversation: Conversation, run: Writing['run']): Conversation {
  if (isAnswered(conversation, run.id)) return conversation;
  const before = conversation.runs.find((writing) => writing.run.id === run.id);
  if (before === undefined) {
    return { ...conversation, runs: [...conversation.runs, { run, text: '' }] };
  }
  return replaceRun(conversation, { ...before, run });
}

function replaceRun(conversation: Conversation, writing: Writing): Conversation {
  const runs = conversation.runs.map((other) =>
    other.run.id === writing.run.id ? writing : other,
  );
  return { ...conversation, runs };
}

function isAnswered({ messages }: Conversation, runId: RunId): boolean {
  return messages.some((message) => message.role === 'assistant' && message.runId === runId);
}

type Presence = Extract<ChatEvent, { kind: 'presence' }>['presence'];

function present(viewers: readonly Viewer[], presence: Presence): readonly Viewer[] {
  if (presence.kind === 'here') return presence.members.map(({ data }) => data);
  const { data } = presence.member;
  const others = viewers.filter(({ id }) => id !== data.id);
  return presence.kind === 'joined' ? [...others, data] : others;
}
