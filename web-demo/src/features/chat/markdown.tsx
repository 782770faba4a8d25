import type { Citation } from '@tintype/bindings/api';
import { type ComponentProps, memo, useMemo } from 'react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CitationMark } from './citations';
import { citationOf, linkCitations } from './link-citations';

const none: readonly Citation[] = [];

type MarkdownProps = {
  text: string;
  /** What the text names by numbers, as `[1]`. */
  citations?: readonly Citation[];
};

/** Text of a model: Markdown without HTML, whose links lead to the web and open beside the page. */
export const Markdown = memo(function Markdown({ text, citations = none }: MarkdownProps) {
  const plugins = useMemo(
    () => [remarkGfm, linkCitations(new Set(citations.map(({ number }) => number)))],
    [citations],
  );
  const components = useMemo(() => componentsWith(citations), [citations]);
  return (
    <div className="prose-answer">
      <ReactMarkdown remarkPlugins={plugins} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});

function componentsWith(citations: readonly Citation[]) {
  const link = ({ href, children }: ComponentProps<'a'>) => {
    const number = citationOf(href);
    const citation = citations.find((other) => other.number === number);
    if (citation) return <CitationMark citation={citation} />;
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="link">
        {children}
      </a>
    );
  };
  return { ...components, a: link };
}

const components = {
  // A model must not make the browser call other servers.
  img: ({ alt }: ComponentProps<'img'>) => <span>[{alt === '' ? 'image' : alt}]</span>,
  table: ({ children }: ComponentProps<'table'>) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is too wide is scrolled with the keyboard too
    <section className="overflow-x-auto" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </section>
  ),
  pre: ({ children }: ComponentProps<'pre'>) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: code that is too wide is scrolled with the keyboard too
    <pre tabIndex={0}>{children}</pre>
  ),
};
