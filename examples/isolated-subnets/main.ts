import { App } from 'aws-cdk-lib';
import { IsolatedSubnetsStack } from './stack';

new IsolatedSubnetsStack(new App(), 'IsolatedSubnetsStack');
