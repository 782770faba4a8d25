import { Link } from '@tanstack/react-router';
import type { Hit } from '@tintype/bindings/api';
import { highlighted } from './highlighted';
import { Parts } from './parts';

const scoreNames = [
  ['semantic', 'meaning (cosine)'],
  ['keyword', 'words (BM25)'],
  ['rerank', 'model'],
] as const;

/** A place that was found. */
export function HitView({ hit: { document, chunk, snippet, highlights, scores } }: { hit: Hit }) {
  const { start, end, headingPath } = chunk;
  const known = scoreNames.flatMap(([name, label]) => {
    const score = scores[name];
    return score === null ? [] : [{ label, score: score.toFixed(3) }];
  });
  return (
    <article aria-label={`Found in ${document.title}`} className="mat px-5 py-4">
      <h3 className="font-semibold wrap-anywhere">
        <Link
          to="/knowledge/$documentId"
          params={{ documentId: document.id }}
          search={{ start, end }}
          className="link"
        >
          {document.title}
        </Link>
      </h3>
      {headingPath.length > 0 && (
        <p className="mt-0.5 text-sm text-muted wrap-anywhere">{headingPath.join(' › ')}</p>
      )}
      <p className="mt-2 whitespace-pre-line wrap-anywhere">
        <Parts parts={highlighted(snippet, highlights)} />
      </p>
      <details className="mt-2 text-sm text-muted">
        <summary className="w-fit py-1">Why it was found</summary>
        <dl className="mt-1 flex flex-wrap gap-x-6 gap-y-1">
          {known.map(({ label, score }) => (
            <div key={label} className="flex gap-2">
              <dt>{label}</dt>
              <dd className="font-mono">{score}</dd>
            </div>
          ))}
        </dl>
      </details>
    </article>
  );
}
