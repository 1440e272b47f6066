/** Groups in the words of Auto Scaling's XML. */
import { ACCOUNT, REGION } from '../attributes.ts';
import type { XmlValue } from './query-protocol.ts';
import type { Activity, Instance, ScalingGroup, ScalingPolicy, ScheduledAction } from './scaling-group.ts';

const instant = (ms: number): string => new Date(ms).toISOString();

const wireInstance = ({ id, zone }: Instance): XmlValue => ({
  InstanceId: id,
  InstanceType: 't4g.small',
  AvailabilityZone: zone,
  LifecycleState: 'InService',
  HealthStatus: 'Healthy',
  ProtectedFromScaleIn: false,
});

const wireDistribution = ({ name, distribution }: ScalingGroup): XmlValue =>
  distribution && {
    LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateName: name, Version: '$Default' } },
    InstancesDistribution: {
      OnDemandBaseCapacity: distribution.onDemandBaseCapacity,
      OnDemandPercentageAboveBaseCapacity: distribution.onDemandPercentageAboveBaseCapacity,
      SpotAllocationStrategy: distribution.spotAllocationStrategy,
    },
  };

export const wireGroup = (group: ScalingGroup, arn: string): XmlValue => ({
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: arn,
  MinSize: group.min,
  MaxSize: group.max,
  DesiredCapacity: group.desired,
  DefaultCooldown: 300,
  AvailabilityZones: ['us-east-1a', 'us-east-1b'],
  HealthCheckType: 'EC2',
  HealthCheckGracePeriod: 0,
  CreatedTime: instant(group.createdMs),
  Instances: group.instances.map(wireInstance),
  SuspendedProcesses: [],
  MixedInstancesPolicy: wireDistribution(group),
  Tags: Object.entries(group.tags).map(([Key, Value]) => ({
    ResourceId: group.name,
    ResourceType: 'auto-scaling-group',
    Key,
    Value,
    PropagateAtLaunch: false,
  })),
  TerminationPolicies: ['Default'],
  NewInstancesProtectedFromScaleIn: false,
});

export const wirePolicy = ({ name }: ScalingGroup, policy: ScalingPolicy): XmlValue => ({
  AutoScalingGroupName: name,
  PolicyName: policy.name,
  PolicyARN: `arn:aws:autoscaling:${REGION}:${ACCOUNT}:scalingPolicy:local:autoScalingGroupName/${name}:policyName/${policy.name}`,
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingConfiguration: {
    PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
    TargetValue: policy.targetCpuPercent,
  },
  Enabled: true,
});

export const wireScheduledAction = ({ name }: ScalingGroup, action: ScheduledAction): XmlValue => ({
  AutoScalingGroupName: name,
  ScheduledActionName: action.name,
  ScheduledActionARN: `arn:aws:autoscaling:${REGION}:${ACCOUNT}:scheduledUpdateGroupAction:local:autoScalingGroupName/${name}:scheduledActionName/${action.name}`,
  Recurrence: action.recurrence,
  MinSize: action.size.min,
  MaxSize: action.size.max,
  DesiredCapacity: action.size.desired,
});

/** Activities end when they begin here. */
export const wireActivity = ({ name }: ScalingGroup, activity: Activity): XmlValue => ({
  ActivityId: activity.id,
  AutoScalingGroupName: name,
  Description: activity.description,
  Cause: activity.cause,
  StartTime: instant(activity.startedMs),
  EndTime: instant(activity.startedMs),
  StatusCode: 'Successful',
  Progress: 100,
  Details: activity.details,
});
