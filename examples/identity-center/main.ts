import { App } from 'aws-cdk-lib';
import { DatabaseStack } from './database-stack';
import { DATABASE, IDENTITY_CENTER } from './existing';
import { PermissionSetStack } from './permission-set-stack';

const app = new App();
const { connectPolicy } = new DatabaseStack(app, 'DatabaseStack', { env: DATABASE });
new PermissionSetStack(app, 'PermissionSetStack', { ...IDENTITY_CENTER, databaseAccount: DATABASE.account, connectPolicy });
