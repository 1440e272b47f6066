import * as v from 'valibot';

export const wholeNumber = (
  minimum: number,
  maximum: number,
  unit: string,
): v.GenericSchema<unknown, number> => {
  const message = `expected a whole number of ${unit} from ${minimum} to ${maximum}`;
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(minimum, message),
    v.maxValue(maximum, message),
  );
};

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
