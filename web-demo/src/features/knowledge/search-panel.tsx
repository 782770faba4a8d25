import type { SearchResult } from '@tintype/bindings/api';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '../../components/button';
import { sentence } from '../../components/failure';
import { FailureNotice } from '../../components/failure-notice';
import { Notice } from '../../components/notice';
import { HitView } from './hit-view';
import { useSearch } from './use-search';

/** Most characters of a question, as the contract has it. */
const MOST = 1_000;

type SearchPanelProps = {
  question: string | undefined;
  onSearch: (question: string | undefined) => void;
};

/** Finds places in the documents. */
export function SearchPanel({ question, onSearch }: SearchPanelProps) {
  const id = useId();
  const [text, setText] = useState(question ?? '');
  const [shown, setShown] = useState(question);
  if (shown !== question) {
    // Somebody went back to another question.
    setShown(question);
    setText(question ?? '');
  }
  const search = useSearch(question);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = text.trim() === '' ? undefined : text.trim();
    // Asked again, it may have another answer.
    if (next === question && next !== undefined) void search.refetch();
    else onSearch(next);
  };
  return (
    <section aria-label="Search">
      {/* biome-ignore lint/a11y/useSemanticElements: browsers before 2023 do not know <search> */}
      <form role="search" onSubmit={submit}>
        <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">
          Search the documents
        </label>
        <div className="flex gap-3">
          <input
            id={id}
            type="search"
            enterKeyHint="search"
            autoComplete="off"
            maxLength={MOST}
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="A question, or some words"
            className="block min-h-11 w-full min-w-0 rounded-[3px] border border-field bg-mat px-3 text-base shadow-[inset_0_1px_2px_rgb(35_24_14/8%)] placeholder:text-muted"
          />
          <Button type="submit" busy={search.isFetching}>
            Search
          </Button>
        </div>
      </form>
      {question !== undefined && (
        <div className="mt-5">
          {search.error && (
            <FailureNotice
              title="The search failed"
              error={search.error}
              onRetry={() => void search.refetch()}
            />
          )}
          {search.isPending && (
            <div role="status" aria-label="Searching" className="space-y-3">
              <div className="developing h-24 bg-line" />
              <div className="developing h-24 bg-line" />
            </div>
          )}
          {search.data && <Results result={search.data} />}
        </div>
      )}
    </section>
  );
}

function Results({ result: { hits, mode, notice, reranked } }: { result: SearchResult }) {
  const ways = mode === 'hybrid' ? 'by words and meaning' : 'by words only';
  return (
    <>
      {notice !== null && (
        <Notice title="Search by words only" className="mb-4">
          {sentence(notice)}
        </Notice>
      )}
      <p role="status" aria-label="Found" className="mb-3 text-sm text-muted">
        {hits.length === 0 ? 'Nothing' : `${hits.length} ${hits.length === 1 ? 'place' : 'places'}`}{' '}
        found {ways}
        {reranked && ', ranked by a model that has read them'}.
      </p>
      {hits.length === 0 ? (
        <div className="mat px-6 py-8 text-center">
          <h2 className="font-display text-xl tracking-tight">No document says this</h2>
          <p className="mx-auto mt-2 max-w-sm text-muted">
            Try other words, or add a document that answers it. What is still pending may not be
            found yet.
          </p>
        </div>
      ) : (
        <ol aria-label="Results" className="space-y-3">
          {hits.map((hit) => (
            <li key={`${hit.document.id}-${hit.chunk.ordinal}`}>
              <HitView hit={hit} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
