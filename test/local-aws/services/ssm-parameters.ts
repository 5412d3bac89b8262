import { AwsError } from '../aws-error';
import { arn } from '../place';
import type { Parameter, Parameters } from '../state/parameters';
import { page } from './pages';
import type { Service } from './service';
import { invalidToken, pageSize, required } from './ssm-validation';

interface GetParametersByPathInput {
  readonly Path?: string;
  readonly Recursive?: boolean;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export function parameterOperations(parameters: Parameters): Service['operations'] {
  return {
    GetParameter: (input: { Name?: string }, caller) => {
      const given = required('name', input.Name);
      const name = given.startsWith('arn:') ? given.slice(given.indexOf(':parameter/') + ':parameter'.length) : given;
      const parameter = parameters.find(caller, name);
      if (parameter === undefined) throw new AwsError('ParameterNotFound', '');
      return { Parameter: describe(parameter) };
    },
    GetParametersByPath: ({ Path, Recursive = false, MaxResults, NextToken }: GetParametersByPathInput, caller) => {
      const path = required('path', Path);
      if (!path.startsWith('/')) {
        throw new AwsError('ValidationException', 'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/".');
      }
      const folder = path.endsWith('/') ? path : `${path}/`;
      const found = parameters.in(caller).filter(({ name }) => name.startsWith(folder) && (Recursive || !name.slice(folder.length).includes('/')));
      const { items, next } = page(found, pageSize(MaxResults, 10, [1, 10]), NextToken, invalidToken);
      return { Parameters: items.map(describe), NextToken: next };
    },
  };
}

function describe(parameter: Parameter): object {
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.modifiedAt,
    ARN: arn(parameter, 'ssm', `parameter${parameter.name.startsWith('/') ? '' : '/'}${parameter.name}`),
    DataType: 'text',
  };
}
