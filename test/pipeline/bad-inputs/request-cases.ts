/** How wrong requests of owners are made out of good ones. */
import type { Request } from './door.ts';

const DETAIL = '"title":"Bad Request","status":400,"detail":"';

export const bad = (
  name: string,
  method: string,
  path: string,
  body: unknown,
  says: string | RegExp,
  status = 400,
): Request => ({
  name: `${method} ${path.slice(0, 40)}: ${name}`,
  method,
  path,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  status,
  says: typeof says === 'string' ? new RegExp(`${DETAIL}[^"]*${says}`) : says,
});

export const label = (value: unknown): string => String(JSON.stringify(value)).slice(0, 40);

/** One case for each value of each member of an otherwise good object. */
export const members = (
  method: string,
  path: string,
  good: object,
  table: Readonly<Record<string, readonly unknown[]>>,
  within: (fields: object) => object = (fields) => ({ ...good, ...fields }),
): Request[] =>
  Object.entries(table).flatMap(([member, values]) =>
    values.map((value, index) =>
      bad(
        `${member} ${index} ${label(value)}`,
        method,
        path,
        within({ [member]: value }),
        `${member}.* (must|is|has|needs)`,
      ),
    ),
  );

export const NOT_MONEY: readonly unknown[] = [
  ...[
    undefined,
    null,
    5,
    '',
    'NaN',
    'Infinity',
    '1e309',
    '1e3',
    '+1',
    '1,000',
    '.5',
    ' 1',
    '1 ',
    '9'.repeat(19),
    {},
  ],
];
export const NOT_A_DATE: readonly unknown[] = [
  undefined,
  null,
  '',
  '2026-02-30',
  '2026-13-01',
  '20270101',
  '2027-01-01T00:00:00Z',
  7,
];
export const NOT_TEXT: readonly unknown[] = ['', null, 7, 'x'.repeat(201)];
