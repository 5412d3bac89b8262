export * from './tunnel';
