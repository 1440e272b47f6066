/** `npm start -- --try SOURCE...`: an empty pipeline made for some sources, and their stories played in it. */
import { type LocalOptions, type LocalRun, startLocal } from '../runtime.ts';
import { storyConfiguration } from './configuration.ts';
import { type Played, playStories } from './play.ts';
import type { Story } from './story.ts';

export interface Tried {
  readonly run: LocalRun;
  readonly played: readonly Played[];
}

/** Starts the pipeline and plays; what the stories started ends with the run. */
export const trySources = async (
  stories: readonly Story[],
  options: Pick<LocalOptions, 'port' | 'configFile'> & { readonly say: (line: string) => void },
): Promise<Tried> => {
  const { say } = options;
  /** A reading by the clock in the midst of a story would tell parts of it too early. */
  const { promise: schedulesFrom, resolve: letSchedulesRun } = Promise.withResolvers<void>();
  let tenants: readonly string[] = [];
  const run = await startLocal({
    ...options,
    reconfigure: (text) => {
      const made = storyConfiguration(text, stories, Date.now());
      tenants = made.tenants;
      return made.text;
    },
    schedulesFrom,
    log: say,
  });
  const kept: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await run.stop();
    for (const each of kept) await each();
  };
  try {
    const played = await playStories({
      run,
      stories: stories.map((story, index) => ({ story, tenant: tenants[index] ?? '' })),
      say,
      keep: (each) => kept.push(each),
    });
    letSchedulesRun();
    return { run: { ...run, stop }, played };
  } catch (error) {
    await stop();
    throw error;
  }
};
