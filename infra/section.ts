import * as v from 'valibot';

/** A mapping in which an unknown key is an error, so that a typing slip never passes for a default. */
export const section = <Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, (issue: v.StrictObjectIssue) => string> =>
  v.strictObject(entries, (issue) => {
    if (issue.expected === 'never')
      return `unknown key; remove it or use one of ${Object.keys(entries).join(', ')}`;
    if (issue.expected === 'Object') return `expected a mapping with ${Object.keys(entries).join(', ')}`;
    return 'missing; add it';
  });
