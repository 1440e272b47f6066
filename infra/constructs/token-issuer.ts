import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  StringAttribute,
  UserPool,
  UserPoolClient,
  UserPoolGroup,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { SCOPES } from '../../shared/contract/names.ts';
import type { StageSettings, TokenSettings } from '../stages.ts';
import { PipelineFunction } from './pipeline-function.ts';

/**
 * Signs API tokens where the configuration names nobody who does. People sign in; an administrator makes each user for
 * one tenant and puts it in a group per scope. Free up to 10,000 people a month.
 */
export class TokenIssuer extends Construct {
  readonly tokens: TokenSettings;
  readonly pool: UserPool;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      /** Set once, by the administrator: a user who could change it could read another tenant. */
      customAttributes: { tenant: new StringAttribute({ mutable: false, minLen: 1, maxLen: 32 }) },
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: settings.keepData,
      removalPolicy: settings.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const group of SCOPES)
      new UserPoolGroup(this, `Group-${group.replace(':', '-')}`, {
        userPool: this.pool,
        groupName: group,
        description: `Tokens of its members carry the scope ${group}`,
      });
    const claim = new PipelineFunction(this, 'Claim', settings, {
      folder: 'claim',
      description: 'Tenant and scopes of a user into the access token',
      memoryMb: 256,
      timeoutSeconds: 5,
      environment: {},
    });
    this.pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, claim.function, LambdaVersion.V2_0);
    const client = new UserPoolClient(this, 'Client', {
      userPool: this.pool,
      authFlows: { userSrp: true, userPassword: true },
      disableOAuth: true,
      generateSecret: false,
      preventUserExistenceErrors: true,
      accessTokenValidity: Duration.hours(1),
      /** Left out, a client may write every attribute, the tenant included. */
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true }),
    });
    this.tokens = { issuer: this.pool.userPoolProviderUrl, audience: client.userPoolClientId };
    Validations.of(this.pool).acknowledge(
      {
        id: 'AwsSolutions-COG2',
        reason:
          'Each user may turn a second factor on; demanding it would lock out the command line, which signs in too.',
      },
      {
        id: 'AwsSolutions-COG3',
        reason:
          'Threat protection needs the Plus plan, at a price per user; nobody can sign up by themselves.',
      },
      {
        id: 'AwsSolutions-COG8',
        reason: 'The Essentials plan has what is used here: claims of our own in the access token.',
      },
    );
  }
}
