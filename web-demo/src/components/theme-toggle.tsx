import { useId } from 'react';
import { type Theme, useTheme } from './use-theme';

const choices: ReadonlyArray<{ theme: Theme; label: string; icon: string }> = [
  {
    theme: 'system',
    label: 'As the system',
    icon: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 3v10A5 5 0 0 1 8 3z',
  },
  {
    theme: 'light',
    label: 'Light',
    icon: 'M8 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM7.3.8h1.4v2.4H7.3zM7.3 12.8h1.4v2.4H7.3zM.8 7.3h2.4v1.4H.8zM12.8 7.3h2.4v1.4h-2.4z',
  },
  { theme: 'dark', label: 'Dark', icon: 'M9.5 1.8a6.3 6.3 0 1 0 4.7 8.6A5.4 5.4 0 0 1 9.5 1.8z' },
];

/** Light, dark, or as the system has it. */
export function ThemeToggle() {
  const [theme, setTheme] = useTheme();
  const name = useId();
  return (
    <fieldset className="flex rounded-[3px] border border-line bg-sunk p-0.5">
      <legend className="sr-only">Theme</legend>
      {choices.map((choice) => (
        <label
          key={choice.theme}
          title={choice.label}
          className="grid size-8 sm:size-9 cursor-pointer place-items-center rounded-[2px] text-muted hover:text-ink has-checked:bg-mat has-checked:text-ink has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-sepia"
        >
          <input
            type="radio"
            name={name}
            className="sr-only"
            checked={theme === choice.theme}
            onChange={() => setTheme(choice.theme)}
          />
          <span className="sr-only">{choice.label}</span>
          <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 fill-current">
            <path d={choice.icon} fillRule="evenodd" />
          </svg>
        </label>
      ))}
    </fieldset>
  );
}
