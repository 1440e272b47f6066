/** The AWS services beside DynamoDB that the template uses, with what it creates in them. */
import type { Assembly } from './assembly.ts';
import type { BusEvent } from './rules.ts';
import type { RunDirectory } from './run-directory.ts';
import type { LocalService } from './service.ts';

export interface LocalServicesOptions {
  readonly assembly: Assembly;
  readonly gatewayUrl: string;
  readonly directory: RunDirectory;
  /** Accepts an event for the rules of its bus; returns its id. */
  readonly publish: (event: BusEvent) => string;
}

export const openLocalServices = async (_: LocalServicesOptions): Promise<LocalService[]> => [];
