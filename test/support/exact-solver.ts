/**
 * First-passage probabilities of a Gaussian walk without a random number: the density of the cash of companies that are
 * still alive is carried from day to day by quadrature. It shares nothing with the engine but the meaning of runway.
 *
 * The density lives on nodes that start exactly at the line of ruin, so Gregory's end correction (order 6) sits where the
 * density is cut, and the rest of the trapezoid rule converges faster than any power of the spacing.
 */

export interface ExactInput {
  readonly openingCash: number;
  /** Certain flow of each day, the mean of the noise included; element d-1 is day d. */
  readonly flows: Float64Array;
  /** Standard deviation of each day's Gaussian noise; all above 0. */
  readonly stds: Float64Array;
  /** One payment that may come: element d-1 is P(it comes on day d); what is missing to 1 never comes. */
  readonly arrival?: { readonly amount: number; readonly probability: Float64Array };
}

const GREGORY = [
  0.3155919312169313, 1.3921792328042328, 0.6239748677248687, 1.2440806878306878, 0.9099041005291005,
  1.0142691798941799,
];

/** Beyond this many standard deviations there is nothing that would change the twelfth digit. */
const REACH = 7.5;

/** Density of cumulative outflow at `top`, `top - spacing`, `top - 2 spacing`... */
interface Density {
  readonly top: number;
  readonly values: Float64Array;
}

const normalDensity = (x: number, std: number): number =>
  Math.exp(-0.5 * (x / std) ** 2) / (std * Math.sqrt(2 * Math.PI));

const massOf = ({ values }: Density, spacing: number): number =>
  spacing * values.reduce((sum, value, k) => sum + value * (GREGORY[k] ?? 1), 0);

/** Adds `share` of `from`, one step of noise later, to `to`. */
const spread = (from: Density, to: Density, share: number, std: number, spacing: number): void => {
  if (share === 0 || from.values.length === 0 || to.values.length === 0) return;
  const weighted = from.values.map((value, k) => value * (GREGORY[k] ?? 1) * spacing * share);
  const taps = Math.ceil((REACH * std) / spacing) + 1;
  /** Steps of the grid from a node of `to` up to the node of `from` nearest to it. */
  const offset = Math.round((from.top - to.top) / spacing);
  const rest = from.top - to.top - offset * spacing;
  const kernel = Float64Array.from({ length: 2 * taps + 1 }, (_, k) =>
    normalDensity((k - taps) * spacing - rest, std),
  );
  for (let j = 0; j < to.values.length; j += 1) {
    const first = j + offset - taps;
    const low = Math.max(0, first);
    const high = Math.min(weighted.length - 1, first + 2 * taps);
    let sum = 0;
    for (let i = low; i <= high; i += 1) sum += (weighted[i] ?? 0) * (kernel[i - first] ?? 0);
    to.values[j] = (to.values[j] ?? 0) + sum;
  }
};

/** An empty density below `line`, wide enough for noise of this standard deviation; without nodes where nobody is left. */
const emptyBelow = (line: number, std: number, spacing: number): Density => {
  const top = Math.min(line, REACH * std);
  return { top, values: new Float64Array(Math.max(0, Math.ceil((top + REACH * std) / spacing))) };
};

/**
 * P(runway <= d) for d = 1, 2...
 * @param refinement nodes per standard deviation of the quietest day
 */
export const exactRuin = (input: ExactInput, refinement = 2): Float64Array => {
  const { openingCash, flows, stds, arrival } = input;
  const spacing = Math.min(...stds) / refinement;
  const ruin = new Float64Array(flows.length);
  /** Outflow of noise at which the company that still waits is ruined; after the arrival it is `amount` more. */
  let line = openingCash;
  let variance = 0;
  let waitingShare = 1;
  let alive: { waiting: Density; paid: Density } | undefined;
  for (let day = 1; day <= flows.length; day += 1) {
    const std = stds[day - 1] ?? 0;
    line += flows[day - 1] ?? 0;
    variance += std * std;
    const total = Math.sqrt(variance);
    const arriving = arrival?.probability[day - 1] ?? 0;
    const arrivingNow = waitingShare > 0 ? Math.min(1, arriving / waitingShare) : 0;
    waitingShare = Math.max(0, waitingShare - arriving);
    if (alive === undefined && line > REACH * total) continue;
    const waiting = emptyBelow(line, total, spacing);
    const paid = emptyBelow(arrival === undefined ? -Infinity : line + arrival.amount, total, spacing);
    if (alive === undefined) {
      // Nobody could have been ruined before: the noise is still one plain normal.
      const shareOf = (density: Density, share: number): void => {
        density.values.forEach((_, k) => {
          density.values[k] = share * normalDensity(density.top - k * spacing, total);
        });
      };
      shareOf(waiting, waitingShare);
      shareOf(paid, 1 - waitingShare);
    } else {
      spread(alive.waiting, waiting, 1 - arrivingNow, std, spacing);
      spread(alive.waiting, paid, arrivingNow, std, spacing);
      spread(alive.paid, paid, 1, std, spacing);
    }
    alive = { waiting, paid };
    ruin[day - 1] = 1 - massOf(waiting, spacing) - massOf(paid, spacing);
  }
  return ruin;
};
