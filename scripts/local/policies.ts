/** Collects the policies of a template: by role, and by the resource they are attached to. */
import type { Assembly, LocalResource } from './assembly.ts';
import type { Policy, Principal, Statement } from './iam.ts';

export interface Policies {
  readonly principal: (roleArn: string) => Principal;
  /** Of the resource that an ARN names or lies within: a table for its index, a bucket for its object. */
  readonly onResource: (arn: string) => readonly Policy[];
}

interface PolicyDocument {
  readonly Statement?: Statement | readonly Statement[];
}

/** Managed by AWS, with what they grant of the services that answer here; logs leave through stdout. */
const AWS_MANAGED: Readonly<Record<string, readonly Statement[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': [],
  'service-role/AWSLambdaVPCAccessExecutionRole': [],
  AWSXRayDaemonWriteAccess: [],
};

const statementsOf = (document: unknown): readonly Statement[] => {
  const statements = (document as PolicyDocument | undefined)?.Statement ?? [];
  return Array.isArray(statements) ? statements : [statements as Statement];
};

const policyOf = (name: string, document: unknown): Policy => ({ name, statements: statementsOf(document) });

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

const managedPolicy = (assembly: Assembly, arn: string): Policy => {
  const own = assembly.ofType('AWS::IAM::ManagedPolicy').find((policy) => policy.ref === arn);
  if (own) return policyOf(own.logicalId, own.properties['PolicyDocument']);
  const name = arn.split(':policy/')[1] ?? arn;
  const statements = AWS_MANAGED[name];
  if (!statements) throw new Error(`the local runtime does not know what the managed policy ${arn} grants`);
  return { name, statements };
};

const policiesOfRole = (assembly: Assembly, role: LocalResource): Policy[] => {
  const inline = (role.properties['Policies'] ?? []) as { PolicyName: string; PolicyDocument: unknown }[];
  const attached = [
    ...assembly.ofType('AWS::IAM::Policy', 'AWS::IAM::RolePolicy'),
    ...assembly.ofType('AWS::IAM::ManagedPolicy'),
  ].filter(
    ({ properties }) =>
      strings(properties['Roles']).includes(role.ref) || properties['RoleName'] === role.ref,
  );
  return [
    ...inline.map(({ PolicyName, PolicyDocument }) => policyOf(PolicyName, PolicyDocument)),
    ...attached.map(({ logicalId, properties }) => policyOf(logicalId, properties['PolicyDocument'])),
    ...strings(role.properties['ManagedPolicyArns']).map((arn) => managedPolicy(assembly, arn)),
  ];
};

/** Policies that a bucket, queue or table carries, by its ARN. */
const resourcePolicies = (assembly: Assembly): Map<string, Policy[]> => {
  const byArn = new Map<string, Policy[]>();
  const add = (arn: string | undefined, policy: Policy): void => {
    if (arn === undefined) return;
    const known = byArn.get(arn);
    if (known) known.push(policy);
    else byArn.set(arn, [policy]);
  };
  const arnOf = (type: string, ref: unknown): string | undefined =>
    assembly.ofType(type).find((resource) => resource.ref === ref)?.arn;

  for (const { logicalId, properties } of assembly.ofType('AWS::S3::BucketPolicy'))
    add(arnOf('AWS::S3::Bucket', properties['Bucket']), policyOf(logicalId, properties['PolicyDocument']));
  for (const { logicalId, properties } of assembly.ofType('AWS::SQS::QueuePolicy'))
    for (const url of strings(properties['Queues']))
      add(arnOf('AWS::SQS::Queue', url), policyOf(logicalId, properties['PolicyDocument']));
  for (const table of assembly.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')) {
    const replicas = (table.properties['Replicas'] ?? []) as Record<string, unknown>[];
    for (const holder of [table.properties, ...replicas]) {
      const policy = holder['ResourcePolicy'] as { PolicyDocument?: unknown } | undefined;
      if (policy) add(table.arn, policyOf(`${table.logicalId}.ResourcePolicy`, policy.PolicyDocument));
    }
  }
  return byArn;
};

/** @throws Error on a managed policy of AWS whose content is not known here. */
export const collectPolicies = (assembly: Assembly): Policies => {
  const principals = new Map(
    assembly
      .ofType('AWS::IAM::Role')
      .map((role) => [role.arn, { roleArn: role.arn, policies: policiesOfRole(assembly, role) }]),
  );
  const byArn = resourcePolicies(assembly);
  return {
    principal: (roleArn) => principals.get(roleArn) ?? { roleArn, policies: [] },
    onResource: (arn) => {
      const [holder = arn] = /^(?:arn:aws:dynamodb:[^/]+\/[^/]+|arn:aws:s3:::[^/]+)/.exec(arn) ?? [];
      return byArn.get(holder) ?? [];
    },
  };
};
