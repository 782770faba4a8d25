import type { ValidationIssue } from '@tintype/client';
import type { FieldPath, FieldValues, UseFormReturn } from 'react-hook-form';
import { sortIssues } from './field-issues';

/** Shows what the server found wrong at the fields of a form, and leads to the first of them. */
export function showIssues<TValues extends FieldValues, TContext, TChecked>(
  form: UseFormReturn<TValues, TContext, TChecked>,
  issues: readonly ValidationIssue[] | undefined,
  fields: readonly FieldPath<TValues>[],
) {
  const found = sortIssues(issues ?? [], fields).fields;
  // Backwards: of several issues of a field, the first is the one that stays.
  for (const [index, { field, message }] of [...found.entries()].reverse()) {
    form.setError(field, { message }, { shouldFocus: index === 0 });
  }
}
