import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Archive } from './constructs/archive.ts';
import { Ledger } from './constructs/ledger.ts';
import { Network } from './constructs/network.ts';
import { RunwayCache } from './constructs/runway-cache.ts';
import { StateTable } from './constructs/state-table.ts';
import { StreamFailures } from './constructs/stream-failures.ts';
import { TokenIssuer } from './constructs/token-issuer.ts';
import type { StageSettings, TokenSettings } from './stages.ts';

/**
 * What may never be lost or replaced. Construct ids in here are a contract: changing one replaces the resource, which
 * for the ledger means losing it.
 */
export class StatefulStack extends Stack {
  readonly ledger: Ledger;
  readonly state: StateTable;
  readonly archive: Archive;
  readonly streamFailures: StreamFailures;
  /** Present where there is a cache: nothing else needs a network. */
  readonly network: Network | undefined;
  readonly cache: RunwayCache | undefined;
  /** Of the configured issuer, else of a user pool made here, because people are state too. */
  readonly tokens: TokenSettings;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id, {
      description: `Capstack ${settings.stage}: ledger, derived state, archive and cache`,
      terminationProtection: settings.keepData,
    });
    this.ledger = new Ledger(this, 'Ledger', settings);
    this.state = new StateTable(this, 'State', settings);
    this.archive = new Archive(this, 'Archive', settings);
    this.streamFailures = new StreamFailures(this, 'StreamFailures', settings);
    if (settings.cache === 'serverless') {
      this.network = new Network(this, 'Network', [this.ledger.table, this.state.table]);
      this.cache = new RunwayCache(this, 'Cache', settings, this.network);
    }
    this.tokens = settings.tokens ?? new TokenIssuer(this, 'Tokens', settings).tokens;
    new CfnOutput(this, 'LedgerTable', { value: this.ledger.table.tableName });
    new CfnOutput(this, 'StateTable', { value: this.state.table.tableName });
    new CfnOutput(this, 'ArchiveBucket', { value: this.archive.bucket.bucketName });
  }
}
