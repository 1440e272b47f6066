import type { Alerting } from './constructs/alerting.ts';
import type { Route } from './constructs/http-api.ts';
import type { Ingestion } from './constructs/ingestion.ts';
import type { OwnerFunctions } from './constructs/owner-functions.ts';
import type { Reconciliation } from './constructs/reconciliation.ts';
import type { Settling } from './constructs/settling.ts';
import type { StageSettings } from './stages.ts';

/** Only where people are told at all. */
export const alertRoute = ({ alert }: Alerting): Route => ({
  method: 'POST',
  path: '/v1/alerts/test',
  target: alert,
  access: ['admin'],
});

/** Every other route there is, with who may use it. The tenant comes from the token, never from the address. */
export const routes = (
  { openPage }: StageSettings,
  { ingest }: Ingestion,
  { read, command, imports, scenario, explain }: OwnerFunctions,
  { settle, audit }: Settling,
  { reconcile }: Reconciliation,
): Route[] => [
  {
    method: 'POST',
    path: '/v1/webhooks/{tenant}/{source}',
    target: ingest,
    access: {
      openBecause: 'Providers send no token; the function checks their signature over the raw body.',
    },
  },
  {
    method: 'GET',
    path: '/',
    target: explain,
    access: openPage
      ? { openBecause: 'The page of the demo company, on the machine of whoever looks at it.' }
      : { tokenInAddress: ['runway:read', 'admin'] },
  },
  { method: 'GET', path: '/v1/runway', target: read, access: ['runway:read', 'admin'] },
  { method: 'GET', path: '/v1/runway/history', target: read, access: ['runway:read', 'admin'] },
  { method: 'GET', path: '/v1/plan', target: read, access: ['runway:read', 'plan:write', 'admin'] },
  {
    method: 'GET',
    path: '/v1/policy/decisions',
    target: read,
    access: ['runway:read', 'policy:write', 'admin'],
  },
  {
    method: 'GET',
    path: '/v1/reconciliation',
    target: read,
    access: ['runway:read', 'metrics:read', 'admin'],
  },
  {
    method: 'GET',
    path: '/v1/health',
    target: read,
    access: {
      openBecause: 'A monitor asks whether the service answers; the answer holds no data of a tenant.',
    },
  },
  { method: 'POST', path: '/v1/plan', target: command, access: ['plan:write', 'admin'] },
  { method: 'DELETE', path: '/v1/plan/{id}', target: command, access: ['plan:write', 'admin'] },
  { method: 'POST', path: '/v1/imports', target: imports, access: ['import:write', 'admin'] },
  { method: 'PUT', path: '/v1/policy/mode', target: command, access: ['policy:write', 'admin'] },
  {
    method: 'POST',
    path: '/v1/policy/decisions/{id}/approval',
    target: command,
    access: ['policy:write', 'admin'],
  },
  { method: 'POST', path: '/v1/policy/restore', target: command, access: ['policy:write', 'admin'] },
  { method: 'POST', path: '/v1/reconciliation', target: reconcile, access: ['admin'] },
  { method: 'POST', path: '/v1/rebuild', target: settle, access: ['admin'] },
  { method: 'POST', path: '/v1/audit/seals', target: settle, access: ['admin'] },
  { method: 'GET', path: '/v1/audit/export', target: audit, access: ['admin'] },
  { method: 'GET', path: '/v1/audit/trace', target: audit, access: ['admin'] },
  { method: 'GET', path: '/v1/replay', target: audit, access: ['admin'] },
  { method: 'POST', path: '/v1/runway/scenario', target: scenario, access: ['runway:read', 'admin'] },
  { method: 'GET', path: '/v1/runway/explain', target: explain, access: ['runway:read', 'admin'] },
  { method: 'POST', path: '/v1/runway/whatif', target: explain, access: ['runway:read', 'admin'] },
];
