import { type ComponentProps, useState } from 'react';
import { TextField } from '../../components/text-field';

type PasswordFieldProps = Omit<ComponentProps<typeof TextField>, 'label' | 'type' | 'aside'>;

/** A password that its owner can look at. */
export function PasswordField(props: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      label="Password"
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      aside={
        <button
          type="button"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="link px-1 py-1 text-sm"
        >
          {shown ? 'Hide' : 'Show'}
          <span className="sr-only"> password</span>
        </button>
      }
    />
  );
}
