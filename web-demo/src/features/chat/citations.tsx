import { Link } from '@tanstack/react-router';
import type { Citation } from '@tintype/bindings/api';
import type { ReactNode } from 'react';

/** The passages that an answer names; nothing if it names none. */
export function Citations({ citations }: { citations: readonly Citation[] }) {
  if (citations.length === 0) return null;
  return (
    <section aria-label="Sources" className="mt-4">
      <p className="eyebrow">Sources</p>
      <ol className="mt-1.5 space-y-1.5">
        {citations.map((citation) => (
          <li key={citation.number} className="text-sm">
            <PlaceLink
              citation={citation}
              className="inline-flex min-h-9 items-baseline gap-2 rounded-[3px] border border-line bg-mat px-2.5 py-1.5 hover:bg-sunk"
            >
              <span className="font-semibold text-sepia">{citation.number}</span>
              <span className="wrap-anywhere">{nameOf(citation)}</span>
            </PlaceLink>
            <details className="ml-2.5">
              <summary className="w-fit py-1 text-muted">
                Passage<span className="sr-only"> of source {citation.number}</span>
              </summary>
              <blockquote className="border-l-3 border-sepia pl-4 whitespace-pre-wrap text-muted wrap-anywhere">
                {citation.text}
              </blockquote>
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The number of a citation within a text. */
export function CitationMark({ citation }: { citation: Citation }) {
  return (
    <PlaceLink
      citation={citation}
      label={`Source [${citation.number}]`}
      className="link whitespace-nowrap"
    >
      [{citation.number}]
    </PlaceLink>
  );
}

type PlaceLinkProps = {
  citation: Citation;
  /** What it is called where its text says too little. */
  label?: string;
  className: string;
  children: ReactNode;
};

function PlaceLink({ citation, label, className, children }: PlaceLinkProps) {
  const { documentId, start, end, text } = citation;
  return (
    <Link
      to="/knowledge/$documentId"
      params={{ documentId }}
      search={{ start, end }}
      aria-label={label}
      title={`${nameOf(citation)}\n\n${text}`}
      className={className}
    >
      {children}
    </Link>
  );
}

function nameOf({ title, headingPath }: Citation): string {
  return [title, ...headingPath].join(' › ');
}
