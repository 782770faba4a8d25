import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { expect, it } from 'vitest';
import { citationOf, linkCitations } from './link-citations';

function render(text: string, ...numbers: number[]): string {
  const remarkPlugins = [remarkGfm, linkCitations(new Set(numbers))];
  return renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins }, text));
}

it('makes links of the numbers of citations', () => {
  expect(render('Iron [1][2].', 1, 2)).toBe(
    '<p>Iron <a href="#citation-1">[1]</a><a href="#citation-2">[2]</a>.</p>',
  );
  expect(render('> **Iron [1]**', 1)).toContain('<strong>Iron <a href="#citation-1">[1]</a>');
});

it('leaves numbers that name no citation', () => {
  expect(render('Iron [3] [x].', 1)).toBe('<p>Iron [3] [x].</p>');
});

it('leaves code, and links that are there already', () => {
  expect(render('`a[1]` and [see [1]](https://example.com)', 1)).not.toContain('#citation');
});

it('says which citation a link leads to', () => {
  expect(citationOf('#citation-12')).toBe(12);
  expect(citationOf('https://example.com')).toBeUndefined();
  expect(citationOf(undefined)).toBeUndefined();
});
