import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCache, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import type { Network } from './network.ts';
import type { PipelineFunction } from './pipeline-function.ts';

/** Exactly the commands that the cache client sends, on its own keys. */
const ACCESS = 'on ~runway:* -@all +@connection +info +hget +hgetall +hset +expire +eval';

/** The newest forecast of each tenant, for readers. It can be lost at any time: the State table is the truth. */
export class RunwayCache extends Construct {
  /** `rediss://user@host:port`, the password an IAM token made per connection; locally `redis://host:port`. */
  readonly url: string;
  private readonly cache: CfnServerlessCache;
  private readonly user: CfnUser;

  constructor(scope: Construct, id: string, settings: StageSettings, network: Network) {
    super(scope, id);
    /** ElastiCache makes no names of its own. Cache, user id and user name are equal, so the URL holds all a token is made of. */
    const name = `capstack-${settings.stage}`;
    this.user = new CfnUser(this, 'User', {
      engine: 'valkey',
      userId: name,
      userName: name,
      accessString: ACCESS,
      authenticationMode: { Type: 'iam' },
    });
    const group = new CfnUserGroup(this, 'UserGroup', {
      engine: 'valkey',
      userGroupId: name,
      userIds: [this.user.ref],
    });
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'Forecast cache',
      allowAllOutbound: false,
    });
    securityGroup.connections.allowFrom(network.functions, Port.tcp(6379), 'Cache clients');
    this.cache = new CfnServerlessCache(this, 'Cache', {
      engine: 'valkey',
      majorEngineVersion: '8',
      serverlessCacheName: name,
      userGroupId: group.ref,
      subnetIds: network.vpc.isolatedSubnets.map((subnet) => subnet.subnetId),
      securityGroupIds: [securityGroup.securityGroupId],
      /** The fuse: a mistake costs at most $61 a month for storage, not without limit. */
      cacheUsageLimits: { dataStorage: { maximum: 1, unit: 'GB' }, ecpuPerSecond: { maximum: 1000 } },
    });
    const login = settings.cacheScheme === 'rediss' ? `${name}@` : '';
    this.url = `${settings.cacheScheme}://${login}${this.cache.attrEndpointAddress}:${this.cache.attrEndpointPort}`;
  }

  grantConnect(client: PipelineFunction): void {
    client.allow('ConnectToCache', {
      actions: ['elasticache:Connect'],
      resources: [this.cache.attrArn, this.user.attrArn],
    });
  }
}
