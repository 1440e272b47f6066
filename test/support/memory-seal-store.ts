import type { SealedRows } from '../../shared/audit/seal.ts';
import type { SealArchive } from '../../shared/aws/seal-archive.ts';
import type { SealedUnit, SealStore } from '../../shared/aws/seal-store.ts';

export interface MemorySeals extends SealStore {
  readonly all: (tenant: string) => readonly SealedRows[];
}

/** The chain of seals in memory. `rival` runs before an append, and may add a link of its own. */
export const memorySealStore = (
  rival: (store: SealStore) => Promise<void> = async () => undefined,
): MemorySeals => {
  const chains = new Map<string, SealedRows[]>();
  const units = new Map<string, Map<string, SealedUnit>>();
  const all = (tenant: string): SealedRows[] => chains.get(tenant) ?? [];
  const add: SealStore['append'] = async (sealed, unit) => {
    const { tenant, seq, previous } = sealed.seal;
    const last = all(tenant).at(-1)?.seal;
    if ((last?.seq ?? 0) + 1 !== seq || (last !== undefined && last.chain !== previous)) return false;
    chains.set(tenant, [...all(tenant), structuredClone(sealed)]);
    units.set(tenant, new Map([...(units.get(tenant) ?? []), [sealed.seal.unit, structuredClone(unit)]]));
    return true;
  };
  const store: MemorySeals = {
    all,
    head: async (tenant) => all(tenant).at(-1)?.seal,
    units: async (tenant) => new Map(units.get(tenant)),
    append: async (sealed, unit) => {
      await rival({ ...store, append: add });
      return add(sealed, unit);
    },
    seals: async (tenant, from, limit) => all(tenant).slice(from - 1, from - 1 + limit),
  };
  return store;
};

export interface MemoryCopies extends SealArchive {
  readonly copied: SealedRows[];
}

export const memorySealArchive = (): MemoryCopies => {
  const copied: SealedRows[] = [];
  return {
    copied,
    copy: async (sealed) => {
      copied.push(sealed);
    },
  };
};
