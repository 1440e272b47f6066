/** One source of money of a path. */
export interface Part {
  /** What its payments are for; empty where they are many small ones. */
  readonly label: string;
  /** Adds its flows on days 1..horizon of the path to `flows[0]`, `flows[1]`... */
  readonly add: (path: number, flows: Float64Array) => void;
  /** All that its flows depend on beside the path, as plain data; left out where nobody wrote it down. */
  readonly of?: unknown;
}

/** Where a forecast stands. Days since 1970-01-01. */
export interface Span {
  /** Day 0 of the forecast: `flows[0]` is the day after. */
  readonly asOf: number;
  /** Last closed day of the history. */
  readonly through: number;
  readonly horizonDays: number;
  readonly seed: number;
}

/** Week of the model in which element k of the flows lies: weeks are counted from the day after the history. */
export const weekOf = ({ asOf, through }: Span, k: number): number => Math.floor((k + asOf - through) / 7);

export const weeksIn = (span: Span): number => weekOf(span, span.horizonDays - 1) + 1;
