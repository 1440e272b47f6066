/** The folder of one run: tables, logs, templates. One process at a time may use it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface RunDirectory {
  readonly path: string;
  readonly logDir: string;
  /** Whether tables and queues outlive the run. */
  readonly keep: boolean;
  readonly release: () => void;
}

const RUNS_DIR: string = resolve(import.meta.dirname, '../../.capstack/runs');
const PID_FILE = 'pid';
const LOG_DIR = 'logs';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const userOf = (directory: string): number | undefined => {
  const file = join(directory, PID_FILE);
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return Number.isInteger(pid) && isAlive(pid) ? pid : undefined;
};

/** Runs that ended leave their logs until the next one starts. */
const removeEndedRuns = (): void => {
  if (!existsSync(RUNS_DIR)) return;
  for (const name of readdirSync(RUNS_DIR)) {
    const pid = Number.parseInt(name, 10);
    if (!isAlive(pid)) rmSync(join(RUNS_DIR, name), { recursive: true, force: true });
  }
};

let runs = 0;

/** @param dataDir kept between runs; without it the run has a folder of its own. @throws Error while another uses it. */
export const openRunDirectory = (dataDir: string | undefined): RunDirectory => {
  removeEndedRuns();
  runs += 1;
  const path = dataDir === undefined ? join(RUNS_DIR, `${process.pid}-${runs}`) : resolve(dataDir);
  const user = userOf(path);
  if (user !== undefined && user !== process.pid)
    throw new Error(`${path} is in use by process ${user}; stop it or choose another --data directory`);
  const logDir = join(path, LOG_DIR);
  mkdirSync(logDir, { recursive: true });
  writeFileSync(join(path, PID_FILE), String(process.pid));
  return {
    path,
    logDir,
    keep: dataDir !== undefined,
    release: () => {
      rmSync(join(path, PID_FILE), { force: true });
      if (dataDir !== undefined) return;
      for (const name of readdirSync(path))
        if (name !== LOG_DIR) rmSync(join(path, name), { recursive: true, force: true });
    },
  };
};
