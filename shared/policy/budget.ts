import type { Stance } from './stance.ts';

/** Per cent of the month's budget that each stance leaves. */
const LEFT: Readonly<Record<Stance, number>> = { NORMAL: 100, CONSERVE: 80, CRITICAL: 60 };

/** The limit that a stance puts on the month, as a decimal with cents. */
export const budgetLimit = (monthlyUsd: number, stance: Stance): string => {
  const cents = monthlyUsd * LEFT[stance];
  return `${Math.floor(cents / 100)}.${(cents % 100).toString().padStart(2, '0')}`;
};
