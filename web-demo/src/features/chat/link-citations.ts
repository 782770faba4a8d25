/** What a tree of Markdown consists of, as far as it matters here. */
type MarkdownNode = {
  type: string;
  value?: string;
  url?: string;
  children?: MarkdownNode[];
};

const PREFIX = '#citation-';

/** A remark plugin that makes links of the numbers of citations, as `[1]`, wherever they stand in plain text. */
export function linkCitations(numbers: ReadonlySet<number>) {
  return () => (tree: MarkdownNode) => linkIn(tree, numbers);
}

/** The number of the citation that such a link leads to. */
export function citationOf(href: string | undefined): number | undefined {
  return href?.startsWith(PREFIX) ? Number(href.slice(PREFIX.length)) : undefined;
}

function linkIn(node: MarkdownNode, numbers: ReadonlySet<number>) {
  // A link in a link is none.
  if (node.children === undefined || node.type === 'link' || node.type === 'linkReference') return;
  node.children = node.children.flatMap((child) => {
    if (child.type === 'text') return split(child.value ?? '', numbers);
    linkIn(child, numbers);
    return [child];
  });
}

function split(text: string, numbers: ReadonlySet<number>): MarkdownNode[] {
  return text
    .split(/(\[\d{1,4}\])/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const plain = { type: 'text', value: piece };
      const number = Number(/^\[(\d+)\]$/.exec(piece)?.[1]);
      return numbers.has(number)
        ? { type: 'link', url: `${PREFIX}${number}`, children: [plain] }
        : plain;
    });
}
