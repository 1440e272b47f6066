import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readConfiguration } from '../../infra/configuration.ts';
import { reasonOf } from './failure.ts';

/** One thing that has to be there. */
export interface Finding {
  /** A deployment needs everything under `deployment` and none of `local`. */
  readonly purpose: 'local' | 'deployment';
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what was looked for. */
  readonly detail: string;
  /** What to do where it is missing. */
  readonly remedy: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const ROOT = resolve(import.meta.dirname, '../..');
const NODE_MAJOR = 24;

/** First line a program prints about its version; undefined where it does not run. */
const versionOf = (program: string, args: readonly string[]): string | undefined => {
  const run = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 });
  return run.status === 0 ? `${run.stdout}${run.stderr}`.trim().split('\n', 1)[0] : undefined;
};

const node = (): Finding => ({
  purpose: 'local',
  name: 'Node',
  ok: Number.parseInt(process.versions.node, 10) >= NODE_MAJOR,
  detail: process.version,
  remedy: `install Node ${NODE_MAJOR} or later from nodejs.org`,
});

const packages = (): Finding => {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  const ok =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs;
  return {
    purpose: 'local',
    name: 'packages',
    ok,
    detail: ok ? 'as in package-lock.json' : 'older than package-lock.json',
    remedy: 'npm ci',
  };
};

const java = (): Finding => {
  const version = versionOf('java', ['-version']);
  return {
    purpose: 'local',
    name: 'Java',
    ok: version !== undefined,
    detail: version ?? 'runs the local DynamoDB',
    remedy: 'npm start installs it, or apt-get install openjdk-17-jre-headless',
  };
};

const cache = (): Finding => {
  const version = versionOf('valkey-server', ['--version']) ?? versionOf('redis-server', ['--version']);
  return {
    purpose: 'local',
    name: 'Valkey or Redis',
    ok: version !== undefined,
    detail: version ?? 'the local cache',
    remedy: 'npm start installs it, or apt-get install redis-server',
  };
};

/** What is wrong with it, undefined where it can be deployed. */
const wrongIn = (path: string): string | undefined => {
  try {
    readConfiguration(path);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
};

const configuration = (env: Environment): Finding => {
  const named = env['CAPSTACK_CONFIG'];
  const wrong = wrongIn(named ?? join(ROOT, 'capstack.config.yml'));
  const ok = wrong === undefined;
  return {
    purpose: 'deployment',
    name: 'configuration',
    ok,
    detail: ok
      ? (named ?? 'capstack.config.yml')
      : `the configuration at fault is ${named ?? 'capstack.config.yml'}`,
    remedy: wrong ?? '',
  };
};

/** What the AWS SDK would find without asking the network. */
const credentials = (env: Environment): Finding => {
  const keys = env['AWS_ACCESS_KEY_ID'] !== undefined && env['AWS_SECRET_ACCESS_KEY'] !== undefined;
  const files = [
    env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials'),
    env['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws', 'config'),
  ];
  const profile = files.find((file) => existsSync(file));
  const found = keys ? 'in the environment' : profile && `${env['AWS_PROFILE'] ?? 'default'} in ${profile}`;
  return {
    purpose: 'deployment',
    name: 'AWS credentials',
    ok: found !== undefined,
    detail: found ?? 'neither in the environment nor in ~/.aws',
    remedy: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or aws configure',
  };
};

const region = (env: Environment): Finding => {
  const name = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? env['CDK_DEFAULT_REGION'];
  return {
    purpose: 'deployment',
    name: 'AWS region',
    ok: name !== undefined,
    detail: name ?? 'none set',
    remedy: 'set AWS_REGION, for example eu-west-1',
  };
};

const cdk = (): Finding => {
  const ok = existsSync(join(ROOT, 'node_modules', '.bin', 'cdk'));
  return {
    purpose: 'deployment',
    name: 'cdk',
    ok,
    detail: ok ? 'in node_modules' : 'the tool that deploys',
    remedy: 'npm ci',
  };
};

/** Everything looked for, in the order in which it is needed. Nothing here touches the network. */
export const findings = (env: Environment): readonly Finding[] => [
  node(),
  packages(),
  java(),
  cache(),
  configuration(env),
  credentials(env),
  region(env),
  cdk(),
];
