import { useMutation } from '@tanstack/react-query';
import type { Document } from '@tintype/bindings/api';
import { useRef, useState } from 'react';
import { useApi } from '../../components/api';
import { useDocumentCache } from './use-document-cache';

/** Why a document was not added. */
export type AddFailure = NonNullable<ReturnType<typeof useAddDocument>['error']>;

/** What is to become a document. */
export type NewDocument = { file: File; title?: string };

/** A document on its way, or one that did not become a new one. */
export type Upload = NewDocument & { id: string; name: string; progress: Progress };

type Progress =
  | { kind: 'waiting' }
  /** With the part that has left, 0 to 1, as far as that is known. */
  | { kind: 'sending'; part?: number }
  | { kind: 'present'; document: Document }
  | { kind: 'failed'; error: AddFailure };

function useAddDocument(onPart: (part: number) => void) {
  return useMutation(
    useApi().knowledge.documents.add.mutationOptions({
      // The list takes the answer in, and need not be read again.
      invalidate: false,
      onProgress: ({ loadedBytes, totalBytes }) => {
        if (totalBytes !== undefined) onPart(loadedBytes / totalBytes);
      },
    }),
  );
}

/** Sends documents one after the other, and keeps those of which there is something to say. */
export function useUploads() {
  const cache = useDocumentCache();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const queue = useRef(Promise.resolve());

  const dismiss = ({ id }: Upload) =>
    setUploads((before) => before.filter((upload) => upload.id !== id));
  const show = (upload: Upload, progress: Progress) =>
    setUploads((before) =>
      before.map((other) => (other.id === upload.id ? { ...upload, progress } : other)),
    );
  const { mutateAsync } = useAddDocument((part) =>
    setUploads((before) =>
      // One at a time is sent.
      before.map((upload) =>
        upload.progress.kind === 'sending'
          ? { ...upload, progress: { kind: 'sending', part } }
          : upload,
      ),
    ),
  );
  const send = async (upload: Upload) => {
    show(upload, { kind: 'sending' });
    try {
      const { document, wasPresent } = await mutateAsync(formOf(upload));
      cache.apply({ kind: 'changed', document });
      if (wasPresent) show(upload, { kind: 'present', document });
      else dismiss(upload);
    } catch (error) {
      show(upload, { kind: 'failed', error: error as AddFailure });
    }
  };
  const enqueue = (upload: Upload) => {
    queue.current = queue.current.then(() => send(upload));
  };

  return {
    uploads,
    dismiss,
    add: (documents: readonly NewDocument[]) => {
      const added = documents.map<Upload>((document) => ({
        ...document,
        id: crypto.randomUUID(),
        name: document.title ?? document.file.name,
        progress: { kind: 'waiting' },
      }));
      setUploads((before) => [...before, ...added]);
      added.forEach(enqueue);
    },
    retry: (upload: Upload) => {
      show(upload, { kind: 'waiting' });
      enqueue(upload);
    },
  };
}

function formOf({ file, title }: NewDocument): FormData {
  const form = new FormData();
  // Fields come before files.
  if (title !== undefined) form.append('title', title);
  form.append('file', file);
  return form;
}
