import type { CivilDate } from '../../../shared/time/civil-date.ts';
import type { Scene } from './scene.ts';

/** How one source is connected and what comes of it, played against its stand-in through public doors alone. */
export interface Story {
  readonly source: string;
  /** One line for whoever chooses. */
  readonly tells: string;
  /** What connects it: which secret is for what. @param secret with what a source signs here. */
  readonly connected: (secret: Scene['secret']) => string;
  /** What the tenant's entry of the configuration gains. */
  readonly section: (today: CivilDate) => object;
  readonly play: (scene: Scene) => Promise<void>;
}
