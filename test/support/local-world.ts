import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type LocalRun, startLocal } from '../../scripts/local/runtime.ts';
import { type LocalClient, localClient } from './local-client.ts';

/** The whole pipeline on this machine, for the tests of one file. */
export interface LocalWorld {
  readonly run: LocalRun;
  readonly client: LocalClient;
  /** Token of the tenant `demo` with every right. */
  readonly admin: string;
  /** For what the tests write; gone afterwards. */
  readonly directory: string;
  /** As the operator, who may do anything with the tables. */
  readonly tables: DynamoDBDocumentClient;
  readonly stateTable: string;
  /** As a schedule would call the function of that title. */
  readonly invoke: (title: string, event?: object) => Promise<void>;
  /** What the hour's schedules ask of providers, and all that follows. */
  readonly sweep: () => Promise<void>;
}

/** Stops by itself after the tests of the file. */
export const localWorld = async (configuration: string): Promise<LocalWorld> => {
  const directory = mkdtempSync(join(tmpdir(), 'capstack-world-'));
  const configFile = join(directory, 'capstack.config.yml');
  writeFileSync(configFile, configuration);
  const run = await startLocal({ port: 0, configFile });
  const { operator, region, endpoint, outputs } = run.facts;
  const credentials = { accessKeyId: operator.id, secretAccessKey: operator.secret };
  const dynamo = new DynamoDBClient({ endpoint, region, credentials });
  after(async () => {
    dynamo.destroy();
    await run.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const client = localClient(run.url);
  const invoke: LocalWorld['invoke'] = async (title, event = {}) => {
    const found = run.application.functions.find((each) => each.title === title);
    assert.ok(found, `there is a function ${title}`);
    const answer = await found.invoke(event);
    assert.ok(answer.ok, JSON.stringify(answer));
  };
  return {
    run,
    client,
    admin: await client.token(),
    directory,
    tables: DynamoDBDocumentClient.from(dynamo),
    stateTable: String(outputs['StateTable']),
    invoke,
    sweep: async () => {
      await invoke('pull');
      await invoke('poll');
      await run.settled();
    },
  };
};
