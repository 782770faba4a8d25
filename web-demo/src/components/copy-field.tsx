import { useRef, useState } from 'react';
import { Button } from './button';
import { TextField } from './text-field';

/** A text to take somewhere else. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [isCopied, setIsCopied] = useState(false);

  const copy = async () => {
    input.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
    } catch {
      // Without TLS there is no clipboard; the text is selected, to be copied by hand.
      setIsCopied(false);
    }
  };

  return (
    <div>
      <div className="flex flex-wrap items-end gap-3">
        <TextField
          ref={input}
          label={label}
          readOnly
          value={text}
          className="min-w-0 flex-1 basis-56"
          onFocus={(event) => event.target.select()}
        />
        <Button look="primary" onClick={copy}>
          Copy
        </Button>
      </div>
      <p role="status" className="mt-2 min-h-5 text-sm text-muted">
        {isCopied && 'Copied.'}
      </p>
    </div>
  );
}
