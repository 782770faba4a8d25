import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { describeFailure, readFailure, sentence } from './failure';

function answered(data: object, message = 'no') {
  return TRPCClientError.from({ error: { message, code: -32000, data } });
}

describe('readFailure', () => {
  it('takes an error without the data of the server for a lost connection', () => {
    expect(readFailure(new TypeError('Failed to fetch'))).toEqual({ kind: 'unreachable' });
    expect(readFailure(TRPCClientError.from(new Error('<html>502')))).toEqual({
      kind: 'unreachable',
    });
  });

  it('tells a missing session from a wrong password, which has the same code', () => {
    expect(readFailure(answered({ code: 'UNAUTHORIZED' }))).toEqual({ kind: 'session-missing' });
    const wrong = answered({ code: 'UNAUTHORIZED', error: { kind: 'INVALID_CREDENTIALS' } });
    expect(readFailure(wrong).kind).toBe('refused');
  });

  it('keeps the id under which the server logged its failure', () => {
    const failure = readFailure(answered({ code: 'INTERNAL_SERVER_ERROR', logId: 'a1b2' }));
    expect(describeFailure(failure)).toContain('a1b2');
  });
});

describe('sentence', () => {
  it('capitalises and ends a message, and leaves a sentence alone', () => {
    expect(sentence('must not be blank')).toBe('Must not be blank.');
    expect(sentence('Is it?')).toBe('Is it?');
  });
});
