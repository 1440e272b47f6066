import { type Random, randomOf } from '../simulation/random.ts';

/** `TORTURE=10` runs ten times as many worlds, and interrupts every call there is; a failing one names its seed. */
const TIMES = Number(process.env['TORTURE'] ?? 1);

export const isLong: boolean = TIMES > 1;

export const runs = (usually: number): number => Math.round(usually * TIMES);

export const seeded = (seed: number): Random => randomOf(seed, 'senders');
