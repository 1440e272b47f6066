#!/usr/bin/env node
// `npx capstack <verb>`: the command line under Node 24, working in the caller's folder.
process.env.CAPSTACK_CWD = process.cwd();
process.argv.splice(2, 0, 'scripts/cli/main.ts');
await import('./with-setup.mjs');
