import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { accessClaims } from './claim.ts';

/** Called by Cognito before it signs a token of a user who may use the API. */
export const handler = async (
  event: PreTokenGenerationV2TriggerEvent,
): Promise<PreTokenGenerationV2TriggerEvent> => {
  const { userAttributes, groupConfiguration } = event.request;
  const accessTokenGeneration = accessClaims(userAttributes, groupConfiguration.groupsToOverride ?? []);
  return { ...event, response: { claimsAndScopeOverrideDetails: { accessTokenGeneration } } };
};
