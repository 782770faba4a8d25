import type { OpenedDocument } from '@tintype/bindings/api';
import { useEffect, useMemo, useRef } from 'react';
import { Button } from '../../components/button';
import { Notice } from '../../components/notice';
import { Parts } from './parts';
import { countCharacters, linesOf, type Place } from './place';

type DocumentTextProps = {
  opened: OpenedDocument;
  place: Place | undefined;
  /** Whether more of it is on the way. */
  isLoading: boolean;
  onBefore: () => void;
  onAfter: () => void;
};

/** A part of a document's text, with the passage marked that somebody looks for. */
export function DocumentText({ opened, place, isLoading, onBefore, onAfter }: DocumentTextProps) {
  const { document, from, text } = opened;
  const lines = useMemo(() => linesOf(text, from, place), [text, from, place]);
  const body = useRef<HTMLDivElement>(null);
  const hasMark = lines.some(({ parts }) => parts.some(({ isMarked }) => isMarked));

  useEffect(() => {
    if (!hasMark) return;
    // The router puts a new page at its top first.
    const frame = requestAnimationFrame(() =>
      body.current?.querySelector('mark')?.scrollIntoView({ block: 'center' }),
    );
    return () => cancelAnimationFrame(frame);
  }, [hasMark]);

  if (document.characters === 0) {
    return (
      <p className="mat px-6 py-10 text-center text-muted">
        {document.state === 'failed'
          ? 'There is no text, because it cannot be read.'
          : 'Its text is here as soon as it is read.'}
      </p>
    );
  }
  const hasAfter = from + countCharacters(text) < document.characters;
  return (
    <>
      {place !== undefined && place.start >= document.characters && (
        <Notice title="This place is not in the document" className="mb-4">
          Its text ends before it.
        </Notice>
      )}
      {from > 0 && (
        <More busy={isLoading} onClick={onBefore}>
          Load what is before
        </More>
      )}
      <div ref={body} className="mat my-4 px-5 py-6 leading-relaxed sm:px-8">
        {lines.map(({ at, parts }) => (
          <p key={at} className="min-h-[1lh] max-w-prose whitespace-pre-wrap wrap-anywhere">
            <Parts parts={parts} />
          </p>
        ))}
      </div>
      {hasAfter && (
        <More busy={isLoading} onClick={onAfter}>
          Load what is after
        </More>
      )}
    </>
  );
}

function More(props: { busy: boolean; onClick: () => void; children: string }) {
  return (
    <div className="flex justify-center">
      <Button busy={props.busy} onClick={props.onClick}>
        {props.busy ? 'Loading…' : props.children}
      </Button>
    </div>
  );
}
