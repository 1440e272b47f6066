/** Plays stories in a running pipeline, each in a tenant of its own, and says what happens. */
import type { LocalRun } from '../runtime.ts';
import { counted } from './looks.ts';
import { meetingOf } from './meeting.ts';
import { openScene, type Scene } from './scene.ts';
import type { Story } from './story.ts';

export interface Played {
  readonly source: string;
  /** Why the story did not go to its end. */
  readonly failure?: string;
}

export interface PlayOptions {
  readonly run: LocalRun;
  readonly stories: readonly { readonly story: Story; readonly tenant: string }[];
  readonly say: (line: string) => void;
  /** Something to be stopped with the pipeline. */
  readonly keep: (stop: () => Promise<void>) => void;
}

/** What whoever looks at the number is told first. */
const closing = async ({ runway, facts }: Scene): Promise<readonly string[]> => {
  const { cash, status, trust } = await runway();
  return [
    `  in the end: ${counted((await facts()).length, 'fact')}, cash ${cash?.amount} ${cash?.currency}, forecast ${status}`,
    ...trust.reasons.map((each) => `    trust: ${each}`),
  ];
};

/** @returns what was played; one story's failure leaves the others alone. */
export const playStories = async ({ run, stories, say, keep }: PlayOptions): Promise<readonly Played[]> => {
  const meeting = meetingOf(stories.length, async (hoursLater) => {
    const response = await fetch(`${run.url}/_local/hour`, {
      method: 'POST',
      body: JSON.stringify({ hours_later: hoursLater }),
    });
    if (!response.ok) throw new Error(`the hour does not strike: ${await response.text()}`);
    await run.settled();
  });
  return Promise.all(
    stories.map(async ({ story, tenant }): Promise<Played> => {
      const { source } = story;
      /** Of several that are played at once, each is told in one piece. */
      const told: string[] = [];
      const tell = stories.length === 1 ? say : (line: string) => told.push(line);
      tell(`${source}: ${story.tells}`);
      try {
        const scene = await openScene({ run, tenant, hour: meeting.wait, keep, say: tell });
        tell(`  connected as tenant ${tenant}: ${story.connected(scene.secret)}`);
        await story.play(scene);
        for (const line of await closing(scene)) tell(line);
        return { source };
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error);
        tell(`  FAILED: ${failure}`);
        return { source, failure };
      } finally {
        meeting.leave();
        for (const line of told) say(line);
      }
    }),
  );
};
