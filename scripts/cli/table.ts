import Table from 'cli-table3';

/** Bold headings for people at a terminal; NO_COLOR and pipes get plain text. */
const coloured = (): boolean => process.stdout.isTTY === true && !process.env['NO_COLOR'];

export const printTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom: number = head.length,
): void => {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column >= numbersFrom ? 'right' : 'left')),
    style: coloured() ? { head: ['bold'], border: ['grey'] } : { head: [], border: [] },
  });
  for (const row of rows) table.push([...row]);
  process.stdout.write(`${table.toString()}\n`);
};
