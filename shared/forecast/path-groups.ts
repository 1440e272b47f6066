/** Paths that tranches come to on the same days: but for noise their cash is the same. */
import { arrivalDay, type Occasions } from './occasions.ts';

export interface PathGroups {
  /** Cash above the minimum at the end of days 0, 1... without noise, one list a group. */
  readonly certain: readonly Float64Array[];
  /** Element `path`: its group; empty where there is but one. */
  readonly groupOf: Uint16Array;
}

/** With more groups, of a path or two each, nothing is shared. */
const GROUPS_MAX = 256;
/** In sum: up to here floats hold tranches and noise together exactly. */
const AMOUNT_MAX = 2 ** 40;

const raised = (cash: Float64Array, from: number, amount: number): Float64Array =>
  cash.map((each, day) => (day >= from ? each + amount : each));

/** Undefined where paths have too little in common. @param certain cash without the tranches that may not come */
export const pathGroups = (
  { tranches, trancheStream }: Occasions,
  paths: number,
  certain: Float64Array,
): PathGroups | undefined => {
  if (!tranches.every(({ amount }) => Number.isInteger(amount) && amount >= 0)) return undefined;
  if (tranches.reduce((sum, { amount }) => sum + amount, 0) >= AMOUNT_MAX) return undefined;
  const groupOf = new Uint16Array(tranches.length === 0 ? 0 : paths);
  let groups = [certain];
  for (const tranche of tranches) {
    /** Element `group * days + day`: one more than the group that arrival on that day splits off. */
    const days = certain.length + 1;
    const split = new Uint16Array(groups.length * days);
    const next: Float64Array[] = [];
    for (let path = 0; path < paths; path += 1) {
      const group = groupOf[path] ?? 0;
      const day = Math.min(arrivalDay(trancheStream, tranche, path), certain.length);
      const place = group * days + day;
      if (split[place] === 0) {
        if (next.length === GROUPS_MAX) return undefined;
        split[place] = next.push(raised(groups[group] ?? certain, day, tranche.amount));
      }
      groupOf[path] = (split[place] ?? 0) - 1;
    }
    groups = next;
  }
  return { certain: groups, groupOf };
};
