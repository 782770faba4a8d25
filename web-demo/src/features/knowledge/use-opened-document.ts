import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { DocumentId } from '@tintype/bindings/api';
import { useApi } from '../../components/api';
import type { Range } from './place';

/** A part of a document's text; while another part is read, the one before stays. */
export function useOpenedDocument(id: DocumentId, range: Range) {
  return useQuery(
    useApi().knowledge.documents.open.queryOptions(
      { id, ...range },
      { placeholderData: keepPreviousData },
    ),
  );
}
