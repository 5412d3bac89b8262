import { App } from 'aws-cdk-lib';
import { AhbodedbStack } from './stack';

new AhbodedbStack(new App(), 'AhbodedbStack');
