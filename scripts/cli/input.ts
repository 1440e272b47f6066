import { readFileSync } from 'node:fs';
import { Failure, reasonOf } from './failure.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

/** Bytes of a file, or of standard input for `-`. */
export const readInput = (path: string): Uint8Array => {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Failure(`cannot read ${path}: ${REASONS[code] ?? reasonOf(error)}`);
  }
};

/** JSON in a file or on standard input. */
export const readJson = (path: string): unknown => {
  const text = new TextDecoder().decode(readInput(path));
  if (text.trim() === '') throw new Failure(`${path} is empty: it needs a JSON object`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(`${path} is no JSON: ${reasonOf(error)}`);
  }
};
