/** Columns a ledger file may have; `date` and `amount` must be there. */
export const LEDGER_COLUMNS = [
  'date',
  'amount',
  'currency',
  'category',
  'description',
  'id',
  'account',
] as const;
export type LedgerColumn = (typeof LEDGER_COLUMNS)[number];

/** Header names that stand for our columns where the file calls them otherwise. */
export type ColumnNames = Readonly<Partial<Record<LedgerColumn, string>>>;

/** Where each column is, counted from 0. */
export type ColumnPositions = Readonly<
  { date: number; amount: number } & Partial<Record<Exclude<LedgerColumn, 'date' | 'amount'>, number>>
>;

const isLedgerColumn = (name: string): name is LedgerColumn =>
  (LEDGER_COLUMNS as readonly string[]).includes(name);

/** Reads `date=Posted,amount=Value`; a problem is a sentence. */
export const parseColumnNames = (text: string): ColumnNames | { readonly problem: string } => {
  const names: Partial<Record<LedgerColumn, string>> = {};
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    const ours = pair.slice(0, Math.max(at, 0)).trim();
    const theirs = pair.slice(at + 1).trim();
    if (at < 0 || theirs === '')
      return { problem: `"${pair}" names no column: write date=Posted,amount=Value` };
    if (!isLedgerColumn(ours))
      return { problem: `"${ours}" is no ledger column: use ${LEDGER_COLUMNS.join(', ')}` };
    if (names[ours] !== undefined) return { problem: `column ${ours} is named twice` };
    names[ours] = theirs;
  }
  return names;
};

const position = (
  header: readonly string[],
  column: LedgerColumn,
  names: ColumnNames,
): number | undefined | { readonly problem: string } => {
  const name = names[column] ?? column;
  const places = header.flatMap((cell, index) => (cell.toLowerCase() === name.toLowerCase() ? [index] : []));
  const [first, second] = places;
  if (first !== undefined && second !== undefined)
    return {
      problem: `columns ${first + 1} and ${second + 1} are both "${name}": rename one, it is unclear which to read`,
    };
  const required = column === 'date' || column === 'amount' || names[column] !== undefined;
  if (first === undefined && required) return { problem: missing(header, name) };
  return first;
};

const missing = (header: readonly string[], name: string): string => {
  const only = header.length === 1 ? header[0] : undefined;
  if (only !== undefined && /[;\t|]/.test(only))
    return `no column "${name}" in "${only}": separate the fields by commas`;
  const has = header.map((cell) => `"${cell}"`).join(', ');
  return `no column "${name}" among ${has}: add it, or say which column it is (${name}=...)`;
};

/** Finds the columns in the header; names are compared without regard to case and outer blanks. */
export const locateColumns = (
  headerCells: readonly string[],
  names: ColumnNames,
): ColumnPositions | { readonly problem: string } => {
  const header = headerCells.map((cell) => cell.trim());
  const found: Partial<Record<LedgerColumn, number>> = {};
  for (const column of LEDGER_COLUMNS) {
    const place = position(header, column, names);
    if (typeof place === 'object') return place;
    if (place !== undefined) found[column] = place;
  }
  const { date, amount, ...optional } = found;
  if (date === undefined || amount === undefined)
    throw new Error('a required column passed without a position');
  return { ...optional, date, amount };
};
