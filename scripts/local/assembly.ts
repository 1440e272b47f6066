/** A synthesised cloud assembly, read and resolved against this machine: every resource with plain properties. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT, type Identity, identify, type LocalAddresses, REGION } from './attributes.ts';
import { evaluateIntrinsics, NO_VALUE, type Scope } from './intrinsics.ts';

export interface LocalResource extends Identity {
  readonly type: string;
  readonly stack: string;
  readonly logicalId: string;
  /** With every intrinsic function resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Assembly {
  readonly resources: readonly LocalResource[];
  readonly ofType: (...types: string[]) => LocalResource[];
  readonly withArn: (arn: string) => LocalResource | undefined;
  /** Folder or file of an asset by its object key (`HASH.zip`) in the bootstrap bucket. */
  readonly assetPath: (objectKey: string) => string | undefined;
  /** Stack outputs, as `cdk deploy` would print them. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

interface RawResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly Condition?: string;
}

interface Template {
  readonly Resources?: Record<string, RawResource>;
  readonly Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown }; Condition?: string }>;
  readonly Parameters?: Record<string, { Default?: unknown }>;
  readonly Conditions?: Record<string, unknown>;
  readonly Mappings?: Record<string, Record<string, Record<string, unknown>>>;
}

export interface Stack {
  readonly name: string;
  readonly template: Template;
}

interface Artifact {
  readonly type: string;
  readonly properties?: {
    templateFile?: string;
    stackName?: string;
    directoryName?: string;
    file?: string;
  };
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const pseudoParameters = (stackName: string): Readonly<Record<string, unknown>> => ({
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': stackName,
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stackName}/local`,
  'AWS::NotificationARNs': [],
  'AWS::NoValue': NO_VALUE,
});

/** The resolved view of one stack; `others` finds sibling stacks for cross-stack references. */
const stackScope = (
  stack: Stack,
  addresses: LocalAddresses,
  others: () => readonly { stack: Stack; scope: Scope }[],
): Scope => {
  const { template } = stack;
  const pseudo = pseudoParameters(stack.name);
  const identities = new Map<string, Identity>();

  const identityOf = (logicalId: string): Identity => {
    const known = identities.get(logicalId);
    if (known) return known;
    const resource = template.Resources?.[logicalId];
    if (!resource) throw new Error(`stack ${stack.name} has no resource or parameter ${logicalId}`);
    const property = (name: string): string | undefined => {
      const value = evaluateIntrinsics(resource.Properties?.[name], scope);
      return typeof value === 'string' ? value : undefined;
    };
    const identity = identify(resource.Type, stack.name, logicalId, property, addresses);
    identities.set(logicalId, identity);
    return identity;
  };

  const outputValue = (source: { stack: Stack; scope: Scope } | undefined, output: string): unknown => {
    const value = source?.stack.template.Outputs?.[output];
    if (!source || !value) throw new Error(`stack ${stack.name} refers to a missing output ${output}`);
    return evaluateIntrinsics(value.Value, source.scope);
  };

  const scope: Scope = {
    ref: (logicalId) => {
      if (logicalId in pseudo) return pseudo[logicalId];
      const parameter = template.Parameters?.[logicalId];
      return parameter ? (parameter.Default ?? '') : identityOf(logicalId).ref;
    },
    attribute: (logicalId, attribute) => {
      const { attributes, name } = identityOf(logicalId);
      return attributes[attribute] ?? `${name}.${attribute}`;
    },
    condition: (name) => evaluateIntrinsics(template.Conditions?.[name], scope) === true,
    mapping: (map, key, subKey) => template.Mappings?.[map]?.[key]?.[subKey],
    stackOutput: (stackName, output) =>
      outputValue(
        others().find((other) => other.stack.name === stackName),
        output,
      ),
    exported: (name) => {
      for (const other of others())
        for (const [output, { Export }] of Object.entries(other.stack.template.Outputs ?? {}))
          if (Export && evaluateIntrinsics(Export.Name, other.scope) === name)
            return outputValue(other, output);
      throw new Error(`stack ${stack.name} imports ${name}, which no stack exports`);
    },
  };
  return scope;
};

const resolveResources = (stack: Stack, scope: Scope, addresses: LocalAddresses): LocalResource[] =>
  Object.entries(stack.template.Resources ?? {})
    .filter(([, { Condition }]) => Condition === undefined || scope.condition(Condition))
    .map(([logicalId, { Type, Properties }]) => {
      const properties = evaluateIntrinsics(Properties ?? {}, scope) as Record<string, unknown>;
      const property = (name: string): string | undefined => {
        const value = properties[name];
        return typeof value === 'string' ? value : undefined;
      };
      const identity = identify(Type, stack.name, logicalId, property, addresses);
      return { ...identity, type: Type, stack: stack.name, logicalId, properties };
    });

/** Resolves stacks that are already in memory. */
export const resolveStacks = (
  stacks: readonly Stack[],
  addresses: LocalAddresses,
  assets: ReadonlyMap<string, string> = new Map(),
): Assembly => {
  const scoped: { stack: Stack; scope: Scope }[] = [];
  for (const stack of stacks) scoped.push({ stack, scope: stackScope(stack, addresses, () => scoped) });
  const resources = scoped.flatMap(({ stack, scope }) => resolveResources(stack, scope, addresses));
  const byArn = new Map(resources.map((resource) => [resource.arn, resource]));
  const outputs = Object.fromEntries(
    scoped.flatMap(({ stack, scope }) =>
      Object.entries(stack.template.Outputs ?? {})
        /** Exports are references between the stacks; what a person is told has none. */
        .filter(
          ([, { Condition, Export }]) => !Export && (Condition === undefined || scope.condition(Condition)),
        )
        .map(([name, { Value }]) => [name, evaluateIntrinsics(Value, scope)]),
    ),
  );
  return {
    resources,
    ofType: (...types) => resources.filter(({ type }) => types.includes(type)),
    withArn: (arn) => byArn.get(arn),
    assetPath: (objectKey) => assets.get(objectKey),
    outputs,
  };
};

/** Which local path each object key of an asset manifest stands for. */
const assetsOf = (directory: string, file: string): [string, string][] => {
  const { files = {} } = readJson(join(directory, file)) as {
    files?: Record<
      string,
      { source: { path?: string }; destinations: Record<string, { objectKey: string }> }
    >;
  };
  return Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }): [string, string] => [
      objectKey,
      join(directory, source.path ?? ''),
    ]),
  );
};

const readAssembly = (directory: string): { stacks: Stack[]; assets: [string, string][] } => {
  const manifestPath = join(directory, 'manifest.json');
  if (!existsSync(manifestPath)) throw new Error(`${directory} holds no manifest.json: synthesise first`);
  const { artifacts = {} } = readJson(manifestPath) as { artifacts?: Record<string, Artifact> };
  const stacks: Stack[] = [];
  const assets: [string, string][] = [];
  for (const [id, { type, properties }] of Object.entries(artifacts)) {
    if (type === 'aws:cloudformation:stack')
      stacks.push({
        name: properties?.stackName ?? id,
        template: readJson(join(directory, properties?.templateFile ?? '')) as Template,
      });
    if (type === 'cdk:asset-manifest') assets.push(...assetsOf(directory, properties?.file ?? ''));
    if (type === 'cdk:cloud-assembly') {
      const nested = readAssembly(join(directory, properties?.directoryName ?? ''));
      stacks.push(...nested.stacks);
      assets.push(...nested.assets);
    }
  }
  return { stacks, assets };
};

/** @throws Error on an intrinsic, reference or asset that cannot be resolved. */
export const loadAssembly = (directory: string, addresses: LocalAddresses): Assembly => {
  const { stacks, assets } = readAssembly(directory);
  return resolveStacks(stacks, addresses, new Map(assets));
};
