import { Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import {
  GatewayVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * Where functions meet the cache, and nothing else: no route to the internet, so no NAT gateway ($33 a month each), and
 * no interface endpoint ($7 each). DynamoDB is reached through its free gateway endpoint.
 */
export class Network extends Construct {
  readonly vpc: IVpc;
  /** Of every function that uses the cache. */
  readonly functions: SecurityGroup;

  constructor(scope: Construct, id: string, tables: readonly TableV2[]) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      /** Would need a custom resource with a function of its own; nothing here uses the default group. */
      restrictDefaultSecurityGroup: false,
    });
    /** The library's class and interface differ in optional properties only. */
    this.vpc = vpc as IVpc;
    this.vpc.addGatewayEndpoint('DynamoDb', { service: GatewayVpcEndpointAwsService.DYNAMODB }).addToPolicy(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        resources: tables.flatMap((table) => [table.tableArn, `${table.tableArn}/index/*`]),
      }),
    );
    this.functions = new SecurityGroup(this, 'Functions', {
      vpc: this.vpc,
      description: 'Functions that use the cache',
      allowAllOutbound: false,
    });
    this.functions.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'DynamoDB through the gateway endpoint');
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions-VPC7',
      reason:
        'The subnets have no route out of the VPC but to DynamoDB; flow logs would record two functions and a cache.',
    });
  }
}
