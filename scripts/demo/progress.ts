/** How far a long job is: one line that is redrawn at a terminal, a few lines in a log. */
export interface Progress {
  readonly advance: () => void;
  /** Ends the redrawn line, so that what is printed next begins one of its own. */
  readonly end: () => void;
}

export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

const BAR_CELLS = 30;
const REDRAW_MS = 100;
/** A log gets a line each time this share more is done. */
const LOG_SHARE = 0.25;

const bar = (share: number): string => {
  const full = Math.floor(share * BAR_CELLS);
  return `${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}`;
};

export const progressOf = (what: string, total: number, output: ProgressOutput): Progress => {
  let done = 0;
  let drawnMs = Number.NEGATIVE_INFINITY;
  const terminal = output.isTTY === true;
  const redraw = (): void => {
    if (done < total && performance.now() - drawnMs < REDRAW_MS) return;
    drawnMs = performance.now();
    output.write(`\r${what} [${bar(done / total)}] ${done}/${total}`);
  };
  const log = (): void => {
    const before = Math.floor((done - 1) / total / LOG_SHARE);
    if (Math.floor(done / total / LOG_SHARE) > before) output.write(`${what}: ${done} of ${total}\n`);
  };
  return {
    advance: () => {
      done += 1;
      if (terminal) redraw();
      else log();
    },
    end: () => {
      if (terminal && done > 0) output.write('\n');
    },
  };
};
