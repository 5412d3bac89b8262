export * from './construct/tunnel-bastion';
export * from './construct/tunnel-source';
export * from './construct/tunnel-target';
export * from './construct/tunnelable-rds-cluster';
