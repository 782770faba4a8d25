import { type DragEvent, useRef, useState } from 'react';
import { Button } from '../../components/button';
import { PasteDialog } from './paste-dialog';
import { UploadView } from './upload-view';
import { useUploads } from './use-uploads';

/** Where documents are added: chosen, dropped or pasted. */
export function AddDocuments() {
  const { uploads, add, dismiss, retry } = useUploads();
  const chooser = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);

  const addFiles = (files: FileList | null) =>
    add(Array.from(files ?? []).map((file) => ({ file })));
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setIsOver(true);
  };
  const leave = (event: DragEvent<HTMLElement>) => {
    const { relatedTarget } = event;
    // Moving over what is inside is not leaving.
    if (relatedTarget instanceof Node && event.currentTarget.contains(relatedTarget)) return;
    setIsOver(false);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    addFiles(event.dataTransfer.files);
  };

  return (
    <div className="mb-6">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside do the same for whoever does not drag */}
      <div
        onDragEnter={over}
        onDragOver={over}
        onDragLeave={leave}
        onDrop={drop}
        className={`rounded-[3px] border-2 border-dashed px-5 py-6 text-center ${isOver ? 'border-sepia bg-sepia-wash' : 'border-line'}`}
      >
        <div className="flex flex-wrap justify-center gap-3">
          <Button look="primary" onClick={() => chooser.current?.click()}>
            Choose files
          </Button>
          <PasteDialog onPaste={(document) => add([document])} />
        </div>
        <p className="mt-3 text-sm text-muted">
          {isOver
            ? 'Let go to add them.'
            : 'Or drop files here: PDF, HTML, Markdown or plain text, several at once.'}
        </p>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          aria-label="Files"
          onChange={({ target }) => {
            addFiles(target.files);
            // The same file can be chosen again.
            target.value = '';
          }}
        />
      </div>
      {uploads.length > 0 && (
        <ul aria-label="Documents on their way" className="mt-4 space-y-3">
          {uploads.map((upload) => (
            <li key={upload.id}>
              <UploadView
                upload={upload}
                onRetry={() => retry(upload)}
                onDismiss={() => dismiss(upload)}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
