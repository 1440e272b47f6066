/** What clocks in a zone show at an instant, to the second and written as if it were UTC. */
export const shownMs = (zone: string, epochMs: number): number =>
  Date.parse(`${new Date(epochMs).toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')}Z`);
