import { type ComponentProps, useId } from 'react';
import { FieldMessage } from '../../components/field-message';
import type { ParsedConfig } from './config-text';

type ConfigFieldProps = Omit<ComponentProps<'textarea'>, 'value' | 'onChange'> & {
  text: string;
  parsed: ParsedConfig;
  onText: (text: string) => void;
  /** What the server says about it. */
  problem?: string | undefined;
};

/** The JSON of a configuration, read while it is typed. */
export function ConfigField({ text, parsed, onText, problem, ...textarea }: ConfigFieldProps) {
  const id = useId();
  const messageId = `${id}-message`;
  const error = parsed.ok ? problem : parsed.message;
  return (
    <div>
      <label htmlFor={id} className="text-sm font-semibold">
        Configuration <span className="font-normal text-muted">(JSON)</span>
      </label>
      <textarea
        {...textarea}
        id={id}
        value={text}
        onChange={(event) => onText(event.target.value)}
        rows={9}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        aria-invalid={error !== undefined || undefined}
        aria-describedby={messageId}
        className="mt-1.5 block w-full resize-y rounded-[3px] border border-field bg-sunk px-3 py-2.5 font-mono text-sm leading-relaxed aria-invalid:border-2 aria-invalid:border-alarm"
      />
      <FieldMessage
        id={messageId}
        error={error}
        hint={parsed.ok ? `Valid, ${parsed.sizeBytes.toLocaleString('en')} bytes.` : undefined}
      />
    </div>
  );
}
