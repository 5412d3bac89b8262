import { AwsError } from '../aws-error';
import type { Documents } from '../state/documents';
import type { Service } from './service';
import { invalid, required } from './ssm-validation';

interface GetDocumentInput {
  readonly Name?: string;
  readonly DocumentVersion?: string;
  readonly DocumentFormat?: string;
}

const FORMATS = ['YAML', 'JSON', 'TEXT'];
const DEFAULT = '$DEFAULT';
const LATEST = '$LATEST';

export function documentOperations(documents: Documents): Service['operations'] {
  return {
    GetDocument: ({ Name, DocumentVersion = DEFAULT, DocumentFormat = 'JSON' }: GetDocumentInput, caller) => {
      const found = documents.describe(caller, required('name', Name));
      if (!FORMATS.includes(DocumentFormat)) throw invalid('documentFormat', DocumentFormat, `satisfy enum value set: [${FORMATS.join(', ')}]`);
      if (found === undefined) throw new AwsError('InvalidDocument', `Document with name ${Name} does not exist.`);
      const number = [DEFAULT, LATEST].includes(DocumentVersion) ? found.versions.length : Number(DocumentVersion);
      const content = found.versions[number - 1];
      if (content === undefined) throw new AwsError('InvalidDocumentVersion', 'The document version is not valid or does not exist.');
      return {
        Name: found.name,
        DocumentVersion: String(number),
        Status: found.status,
        Content: JSON.stringify(content, undefined, 2),
        DocumentType: 'Session',
        DocumentFormat,
      };
    },
  };
}
