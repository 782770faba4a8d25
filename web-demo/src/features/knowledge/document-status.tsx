import type { Document, DocumentFormat, DocumentState } from '@tintype/bindings/api';
import { sentence } from '../../components/failure';

/** The formats as people call them. */
export const formatNames: Record<DocumentFormat, string> = {
  text: 'Text',
  markdown: 'Markdown',
  html: 'HTML',
  pdf: 'PDF',
};

const looks: Record<DocumentState, { text: string; dot: string }> = {
  pending: { text: 'Pending', dot: 'bg-sepia' },
  indexed: { text: 'Indexed', dot: 'bg-verdigris' },
  failed: { text: 'Failed', dot: 'bg-alarm' },
};

/** How far a document is, and what that means. */
export function DocumentStatus({ document }: { document: Document }) {
  const { text, dot } = looks[document.state];
  return (
    <p className="mt-2 text-sm wrap-anywhere">
      <span className="mr-2 inline-flex items-center gap-2 font-semibold">
        <span aria-hidden="true" className={`size-2.5 rounded-full ${dot}`} />
        {text}
      </span>
      <span className={document.state === 'failed' ? 'text-alarm' : 'text-muted'}>
        {meaningOf(document)}
      </span>
    </p>
  );
}

function meaningOf({ state, reason, chunks, characters, hasVectors }: Document): string {
  const size = `${count(characters, 'character')} in ${count(chunks, 'piece')}`;
  switch (state) {
    case 'pending': {
      const found = chunks > 0 ? ' Its words can be found already.' : '';
      return reason === null
        ? `${chunks > 0 ? 'Its meaning is being worked out.' : 'It is being read, or waits for it.'}${found}`
        : `It waits: ${sentence(reason)}${found}`;
    }
    case 'indexed':
      return `${size}, found by ${hasVectors ? 'words and meaning' : 'words'}.`;
    case 'failed':
      return sentence(reason ?? 'Nobody knows why: delete it and add it again');
  }
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
