/** Structured log: one JSON object a line, on stdout, with the trace context in every line. */

export type Fields = Readonly<Record<string, unknown>>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** stdout itself: `console` is patched by the Lambda runtime, and a metric line must arrive as written. */
export const writeLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const describe = (value: unknown): unknown =>
  value instanceof Error
    ? {
        name: value.name,
        message: value.message,
        stack: value.stack,
        ...(value.cause === undefined ? {} : { cause: describe(value.cause) }),
        ...(value instanceof AggregateError && { errors: value.errors.map(describe) }),
      }
    : value;

const writable = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : describe(value);

/** A log whose every line carries `bound`. Errors among the fields are written with their stack, their cause and those they stand for. */
export const logger = (
  bound: Fields,
  write: (line: string) => void = writeLine,
  clock: () => number = Date.now,
): Log => {
  const line =
    (level: string) =>
    (message: string, fields: Fields = {}): void =>
      write(
        JSON.stringify(
          { time: new Date(clock()).toISOString(), level, message, ...bound, ...fields },
          writable,
        ),
      );
  return { info: line('INFO'), warn: line('WARN'), error: line('ERROR') };
};
