/** How far each event source mapping has come, kept in a file so that a restart goes on from there. */
import { mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Checkpoint } from './stream-reader.ts';

export interface Checkpoints {
  readonly get: (mapping: string) => Checkpoint | undefined;
  readonly set: (mapping: string, checkpoint: Checkpoint) => void;
  /** Waits until what was set is on disk. */
  readonly flush: () => Promise<void>;
}

const readAll = (file: string): Record<string, Checkpoint> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read; without it every stream is replayed from its beginning`, {
      cause: error,
    });
  }
};

/**
 * One write at a time; what changes meanwhile goes into the next. A crash between an invocation and its write repeats
 * the invocation, as Lambda may.
 * @param file where to keep them; undefined where the tables do not outlive the process either.
 */
export const openCheckpoints = (file: string | undefined): Checkpoints => {
  const all = file === undefined ? {} : readAll(file);
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  let dirty = false;
  let writing: Promise<void> | undefined;

  const write = async (path: string): Promise<void> => {
    while (dirty) {
      dirty = false;
      await writeFile(`${path}.new`, JSON.stringify(all));
      await rename(`${path}.new`, path);
    }
    writing = undefined;
  };
  return {
    get: (mapping) => all[mapping],
    set: (mapping, checkpoint) => {
      all[mapping] = checkpoint;
      if (file === undefined) return;
      dirty = true;
      writing ??= write(file);
    },
    flush: async () => {
      await writing;
    },
  };
};
