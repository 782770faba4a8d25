import { ApiError, type ErrorDetails } from '@tintype/client';
import { describe, expect, it } from 'vitest';
import { describeFailure, readFailure, sentence } from './failure';

const failed = (details: ErrorDetails) => new ApiError('no', details);

describe('readFailure', () => {
  it('takes a call without an answer of the server for a lost connection', () => {
    expect(readFailure(new TypeError('Failed to fetch'))).toEqual({ kind: 'unreachable' });
    expect(readFailure(failed({ code: 'TRANSPORT' }))).toEqual({ kind: 'unreachable' });
    expect(readFailure(failed({ code: 'MALFORMED', httpStatus: 502 }))).toEqual({
      kind: 'unreachable',
    });
  });

  it('tells an answer that makes no sense from a lost connection', () => {
    const failure = readFailure(failed({ code: 'MALFORMED', httpStatus: 200 }));
    expect(failure).toEqual({ kind: 'unreadable' });
    expect(describeFailure(failure)).toContain('Reload');
  });

  it('tells a missing session from a wrong password, which has the same code', () => {
    expect(readFailure(failed({ code: 'UNAUTHORIZED' }))).toEqual({ kind: 'session-missing' });
    const wrong = failed({ code: 'UNAUTHORIZED', error: { kind: 'INVALID_CREDENTIALS' } });
    expect(readFailure(wrong).kind).toBe('refused');
  });

  it('keeps the id under which the server logged its failure', () => {
    const failure = readFailure(failed({ code: 'INTERNAL_SERVER_ERROR', logId: 'a1b2' }));
    expect(describeFailure(failure)).toContain('a1b2');
  });
});

describe('sentence', () => {
  it('capitalises and ends a message, and leaves a sentence alone', () => {
    expect(sentence('must not be blank')).toBe('Must not be blank.');
    expect(sentence('Is it?')).toBe('Is it?');
  });
});
