import type { ValidationIssue } from '@tintype/bindings';
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
  const sorted = issues.map((issue) => ({
    field: fields.find((field) => field === issue.path[0]),
    message: sentence(issue.message),
  }));
  const unplaced = sorted.filter((issue) => issue.field === undefined);
  return {
    fields: sorted.flatMap(({ field, message }) => (field === undefined ? [] : { field, message })),
    form: unplaced.length === 0 ? undefined : unplaced.map((issue) => issue.message).join(' '),
  };
}
