/** What keeps rows in the State table, side by side in one table as in life, and their twins in memory. */
import { after } from 'node:test';
import { alertStore } from '../../../shared/aws/alert-store.ts';
import { forecastHistory } from '../../../shared/aws/forecast-history.ts';
import { policyStore } from '../../../shared/aws/policy-store.ts';
import { reconciliationStore } from '../../../shared/aws/reconciliation-store.ts';
import { sealStore } from '../../../shared/aws/seal-store.ts';
import { stateStore } from '../../../shared/aws/state-store.ts';
import { alertStoreContract } from '../../support/alert-store.contract.ts';
import { startLedgerTable } from '../../support/dynamodb-local.ts';
import { forecastHistoryContract } from '../../support/forecast-history.contract.ts';
import { memoryAlertStore } from '../../support/memory-alert-store.ts';
import { memoryForecastHistory } from '../../support/memory-forecast-history.ts';
import { memoryPolicyStore } from '../../support/memory-policy-store.ts';
import { memoryReconciliationStore } from '../../support/memory-reconciliation-store.ts';
import { memorySealStore } from '../../support/memory-seal-store.ts';
import { memoryStateStore } from '../../support/memory-state-store.ts';
import { policyStoreContract } from '../../support/policy-store.contract.ts';
import { reconciliationStoreContract } from '../../support/reconciliation-store.contract.ts';
import { sealStoreContract } from '../../support/seal-store.contract.ts';
import { stateStoreContract } from '../../support/state-store.contract.ts';

/** Any table with the same keys does. */
const { client, table, stop } = await startLedgerTable();
after(stop);

const held = <Store>(
  contract: (name: string, store: () => Store) => void,
  twin: Store,
  real: (at: typeof client, name: string) => Store,
): void => {
  const store = real(client, table);
  contract('memory', () => twin);
  contract('DynamoDB', () => store);
};

held(stateStoreContract, memoryStateStore(), stateStore);
held(forecastHistoryContract, memoryForecastHistory(), forecastHistory);
held(policyStoreContract, memoryPolicyStore(), policyStore);
held(reconciliationStoreContract, memoryReconciliationStore(), reconciliationStore);
held(alertStoreContract, memoryAlertStore(), alertStore);
held(sealStoreContract, memorySealStore(), sealStore);
