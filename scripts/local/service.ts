/** The seam between the local gateway and the AWS services behind it. */

export interface ServiceRequest {
  readonly method: string;
  /** With query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** One IAM question that a request raises; all of them must be allowed. */
export interface Access {
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** ARN, or `*` where the action has no resource level. */
  readonly resource: string;
  /** Condition keys with their values, e.g. `autoscaling:ResourceTag/capstack-managed`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export interface LocalService {
  /** SigV4 scope names whose requests come here: `sqs`, `autoscaling`... */
  readonly signingNames: readonly string[];
  /** What the caller's role must allow. Throws on an operation this service does not know. */
  access(request: ServiceRequest): readonly Access[];
  handle(request: ServiceRequest): Promise<ServiceResponse>;
  /** The error body this service's protocol uses for a denial. */
  denied(request: ServiceRequest, message: string): ServiceResponse;
}
