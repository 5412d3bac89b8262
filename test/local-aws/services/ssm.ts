import { awsJson } from '../protocols/aws-json';
import type { State } from '../state/state';
import type { Service } from './service';
import { documentOperations } from './ssm-documents';
import { instanceOperations } from './ssm-instances';
import { parameterOperations } from './ssm-parameters';
import { sessionOperations, type DataChannels } from './ssm-sessions';

export function ssm(state: State, channels: DataChannels): Service {
  return {
    name: 'ssm',
    protocol: awsJson,
    operations: {
      ...parameterOperations(state.parameters),
      ...documentOperations(state.documents),
      ...instanceOperations(state.instances),
      ...sessionOperations(state, channels),
    },
  };
}
