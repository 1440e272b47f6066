import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the announce function; a name missing on either side fails to compile or to start. */
export interface AnnounceEnvironment {
  readonly STAGE: string;
  readonly EVENT_BUS_NAME: string;
}

export const environment = (): AnnounceEnvironment => requiredEnvironment(['STAGE', 'EVENT_BUS_NAME']);
