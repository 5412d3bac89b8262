import { App } from 'aws-cdk-lib';
import { EXISTING } from './existing';
import { BringYourOwnClusterStack } from './stack';

new BringYourOwnClusterStack(new App(), 'BringYourOwnClusterStack', { existing: EXISTING });
