import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer that a test writes piece by piece. */
export type ScriptedAnswer = {
  /** Says more, as soon as the answer has been asked for. */
  say: (text: string) => Promise<void>;
  /** Ends the answer, with what it has used. */
  end: () => Promise<void>;
  /** Breaks the connection. */
  cut: () => Promise<void>;
  /** Resolves when the server has closed the connection. */
  left: Promise<void>;
};

/** A server that speaks OpenAI's API, whose every answer a test writes. */
export type Provider = {
  /** What `OPENAI_BASE_URL` is. */
  url: string;
  /** Writes the answer to the question that has `part` in it. */
  answerTo: (part: string) => ScriptedAnswer;
  /** Answers the question that has `part` in it at once. */
  answers: (part: string, ...pieces: string[]) => void;
  /** Refuses the question that has `part` in it with this status. */
  refuses: (part: string, status: number) => void;
  /** How often a question was asked that has `part` in it. */
  asked: (part: string) => number;
  stop: () => Promise<void>;
};

type Reply = (response: ServerResponse) => void;
type Request = { messages: Array<{ role: string; content: string }> };

/** Starts one on a free port. */
export async function startProvider(): Promise<Provider> {
  const replies = new Map<string, Reply>();
  const questions: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { messages } = JSON.parse(body) as Request;
    const question = messages.at(-1)?.content ?? '';
    questions.push(question);
    const part = [...replies.keys()].find((part) => question.includes(part));
    const reply = part === undefined ? undefined : replies.get(part);
    if (reply) reply(response);
    else response.writeHead(400).end(JSON.stringify({ error: { message: 'no script for this' } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const answerTo = (part: string): ScriptedAnswer => {
    let begin: (response: ServerResponse) => void = () => {};
    const begun = new Promise<ServerResponse>((resolve) => {
      begin = resolve;
    });
    replies.set(part, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      begin(response);
    });
    const send = async (event: object) => {
      (await begun).write(`data: ${JSON.stringify(event)}\n\n`);
    };
    return {
      say: (text) => send({ choices: [{ delta: { content: text } }] }),
      end: async () => {
        await send({ choices: [{ delta: {}, finish_reason: 'stop' }] });
        await send({ choices: [], usage: { prompt_tokens: 1_000, completion_tokens: 100 } });
        (await begun).end('data: [DONE]\n\n');
      },
      cut: async () => {
        (await begun).destroy();
      },
      left: begun.then((response) => once(response, 'close')).then(() => {}),
    };
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    answerTo,
    answers: (part, ...pieces) => {
      const answer = answerTo(part);
      void (async () => {
        for (const piece of pieces) await answer.say(piece);
        await answer.end();
      })();
    },
    refuses: (part, status) =>
      replies.set(part, (response) => response.writeHead(status).end('{}')),
    asked: (part) => questions.filter((question) => question.includes(part)).length,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
