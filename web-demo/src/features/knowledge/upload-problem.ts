import { describeFailure, readFailure, sentence } from '../../components/failure';
import { formatBytes } from './format-bytes';
import type { AddFailure } from './use-uploads';

/** Why a document was not added, and what to do about it. */
export function describeProblem(error: AddFailure): string {
  const problem = error.error;
  switch (problem?.kind) {
    case 'NO_FILE':
      return 'No file arrived. Choose it again.';
    case 'EMPTY_FILE':
      return 'There is nothing in it. Choose a file with text.';
    case 'DOCUMENT_TOO_LARGE':
      return `It has more than ${formatBytes(problem.limitBytes)}, which is the most. Split it, and add the parts.`;
    case 'UNSUPPORTED_DOCUMENT':
      return `${sentence(`${problem.found} cannot be read`)} Save it as a PDF, HTML, Markdown or plain text.`;
    case 'TOO_MANY_DOCUMENTS':
      return `This workspace has ${problem.limit.toLocaleString('en')} documents, which are the most. Delete one that is not needed, then try again.`;
    case 'BROKEN_FORM':
      return `${sentence(problem.reason)} Try again.`;
    case undefined:
      return error.validation?.[0] === undefined
        ? describeFailure(readFailure(error))
        : `The title is not right: ${sentence(error.validation[0].message)}`;
  }
}

/** Whether the same document may be taken the next time. */
export function canRetry({ error: problem, validation }: AddFailure): boolean {
  switch (problem?.kind) {
    case 'NO_FILE':
    case 'EMPTY_FILE':
    case 'DOCUMENT_TOO_LARGE':
    case 'UNSUPPORTED_DOCUMENT':
      return false;
    case 'TOO_MANY_DOCUMENTS':
    case 'BROKEN_FORM':
      return true;
    case undefined:
      return validation?.[0] === undefined;
  }
}
