import { App } from 'aws-cdk-lib';
import { SharedBastionStack } from './stack';

new SharedBastionStack(new App(), 'SharedBastionStack');
