import { App } from 'aws-cdk-lib';
import { MinimalStack } from './stack';

new MinimalStack(new App(), 'MinimalStack');
