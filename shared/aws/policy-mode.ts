import { GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { MODES, type Mode, modeOf } from '../policy/mode.ts';

export interface PolicyMode {
  /**
   * The mode as of now, never a remembered one. A parameter that is missing, unreadable or holds anything else means
   * `off`: whoever cannot be asked has not agreed.
   * @param onDoubt is told why, where the answer is such an `off`.
   */
  readonly read: (onDoubt?: (reason: string, cause?: unknown) => void) => Promise<Mode>;
  readonly write: (mode: Mode) => Promise<void>;
}

export const policyMode = (client: SSMClient, parameterName: string): PolicyMode => ({
  read: async (onDoubt = () => undefined) => {
    let value: string | undefined;
    try {
      value = (await client.send(new GetParameterCommand({ Name: parameterName }))).Parameter?.Value;
    } catch (cause) {
      onDoubt(`the parameter ${parameterName} cannot be read`, cause);
      return 'off';
    }
    const mode = modeOf(value);
    if (mode === undefined) onDoubt(`the parameter ${parameterName} holds none of ${MODES.join(', ')}`);
    return mode ?? 'off';
  },
  write: async (mode) => {
    await client.send(
      new PutParameterCommand({ Name: parameterName, Value: mode, Type: 'String', Overwrite: true }),
    );
  },
});
