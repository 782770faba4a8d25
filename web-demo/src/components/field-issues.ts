import type { ValidationIssue } from '@tintype/client';
import { sentence } from './failure';

/** The issues sorted to the fields of a form; what belongs to none of them is said about the form. */
export type SortedIssues<TField extends string> = {
  readonly fields: ReadonlyArray<{ readonly field: TField; readonly message: string }>;
  readonly form: string | undefined;
};

/** Finds the form field for each issue of the server, by the first step of its path. */
export function sortIssues<TField extends string>(
  issues: readonly ValidationIssue[],
  fields: readonly TField[],
): SortedIssues<TField> {
  const unplaced = issues.filter((issue) => !fields.some((field) => field === issue.path[0]));
  return {
    // In the order of the form, so that the first is the one to look at first.
    fields: fields.flatMap((field) =>
      issues.filter((issue) => issue.path[0] === field).map(({ message }) => ({ field, message })),
    ),
    form:
      unplaced.length === 0
        ? undefined
        : unplaced.map((issue) => sentence(issue.message)).join(' '),
  };
}
