import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type PolicyStatementProps, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import type { Network } from './network.ts';

/** A pattern among the resources of a statement. */
export interface Wildcard {
  /** As cdk-nag prints it: pseudo parameters as `<AWS::Region>`, an import by its export's name. */
  readonly pattern: string;
  readonly reason: string;
}

/** Name under which a stack exports an ARN of its own, for use in `Wildcard.pattern` by another stack. */
export const exportName = (producer: Construct, arn: string): string => {
  const stack = Stack.of(producer);
  return stack.resolve(stack.exportValue(arn))['Fn::ImportValue'];
};

export interface PipelineFunctionProps<Environment> {
  /** Folder under `functions/`, and under the bundles. */
  readonly folder: string;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Exactly what the function's own `environment.ts` asks for. */
  readonly environment: Environment;
  /** For functions that use the cache. */
  readonly network?: Network | undefined;
}

/** A Lambda function with a role and a log group of its own; it may do nothing until something is granted. */
export class PipelineFunction<
  Environment extends { readonly [Name in keyof Environment]: string } = Readonly<Record<string, string>>,
> extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    props: PipelineFunctionProps<Environment>,
  ) {
    super(scope, id);
    const asset = join(settings.distDir, props.folder);
    if (!existsSync(join(asset, 'index.mjs')))
      throw new Error(`${join(asset, 'index.mjs')} is missing; run \`npm run synth\`, which bundles first`);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.allow('WriteLogs', {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    if (props.network) this.allowNetworkInterfaces();
    this.function = new LambdaFunction(this, 'Function', {
      code: Code.fromAsset(asset),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      description: props.description,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      role: this.role,
      environment: Object.fromEntries(Object.entries<string>(props.environment)),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      /** Drops the START, END and REPORT lines, which nobody reads and everybody pays for. */
      systemLogLevelV2: SystemLogLevel.WARN,
      ...(props.network && {
        vpc: props.network.vpc,
        vpcSubnets: { subnets: props.network.vpc.isolatedSubnets },
        securityGroups: [props.network.functions],
      }),
    });
    Validations.of(this.function).acknowledge({
      id: 'AwsSolutions-L1',
      reason:
        'nodejs24.x is the newest Node.js runtime of Lambda, and the version the bundles are built for.',
    });
  }

  /** @param wildcard where a resource is a pattern: which, and why no narrower one will do. */
  allow(
    sid: string,
    statement: Pick<PolicyStatementProps, 'actions' | 'resources' | 'conditions'>,
    wildcard?: Wildcard,
  ): void {
    this.role.addToPrincipalPolicy(new PolicyStatement({ sid, ...statement }));
    if (wildcard)
      Validations.of(this.role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${wildcard.pattern}]`,
        reason: wildcard.reason,
      });
  }

  /** For functions that EventBridge calls: it hands the event over and leaves, so an error has nobody to tell but a queue. */
  keepFailedEvents(deadLetters: IQueue): void {
    this.function.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(2),
      onFailure: new SqsDestination(deadLetters),
    });
  }

  private allowNetworkInterfaces(): void {
    this.allow(
      'JoinNetwork',
      {
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        resources: ['*'],
      },
      {
        pattern: '*',
        reason:
          'The six network interface actions Lambda asks for know no resource before the interface exists.',
      },
    );
  }
}
