import { useQueryClient } from '@tanstack/react-query';
import type { DocumentEvent } from '@tintype/bindings/api';
import { useAnnounce } from '../../components/announcer';
import { useApi } from '../../components/api';
import { isNews } from './deleted-documents';
import { describeDocumentChange } from './describe-document-change';
import { applyDocumentEvent, findDocument } from './document-pages';
import { useDocumentListOptions } from './use-document-list';

/** Writes changes into the cached list, wherever they come from, and says what changed. */
export function useDocumentCache() {
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  const { documents, search } = useApi().knowledge;
  const { queryKey } = useDocumentListOptions();

  /** Reads the documents again, and drops the answers to earlier readings, which may be older. */
  const reload = async () => {
    await queryClient.cancelQueries({ queryKey });
    await queryClient.invalidateQueries({ queryKey });
    await queryClient.invalidateQueries(documents.open.filter());
  };

  const apply = (event: DocumentEvent) => {
    if (!isNews(queryClient, event)) return;
    // What was found may be another answer now. Asking again can cost money, so nobody does it unasked.
    void queryClient.invalidateQueries({ ...search.filter(), refetchType: 'none' });
    if (event.kind === 'gap') return void reload();
    const id = event.kind === 'deleted' ? event.id : event.document.id;
    void queryClient.invalidateQueries(documents.open.queryFilter({ id }));
    const pages = queryClient.getQueryData(queryKey);
    if (pages === undefined) return;
    const message = describeDocumentChange(findDocument(pages, id), event);
    queryClient.setQueryData(queryKey, (current) => current && applyDocumentEvent(current, event));
    if (message !== undefined) announce(message);
  };

  return { apply, reload };
}
