import { expect, it } from 'vitest';
import { sortIssues } from './field-issues';

it('puts an issue on its field, whatever lies deeper in the path, in the order of the form', () => {
  const issues = [
    { path: ['config', 'sizes', 0], code: 'constraint', message: 'too large' },
    { path: ['email'], code: 'constraint', message: 'it has no @' },
  ];

  expect(sortIssues(issues, ['email', 'config'])).toEqual({
    fields: [
      { field: 'email', message: 'it has no @' },
      { field: 'config', message: 'too large' },
    ],
    form: undefined,
  });
});

it('says about the form what belongs to none of its fields', () => {
  const issues = [
    { path: [], code: 'constraint', message: 'nothing to change' },
    { path: ['limit'], code: 'constraint', message: 'out of range' },
  ];

  expect(sortIssues(issues, ['email'])).toEqual({
    fields: [],
    form: 'Nothing to change. Out of range.',
  });
});
