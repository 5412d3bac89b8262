export * from './construct/tunnel-bastion';
export * from './construct/tunnel-grant-options';
export * from './construct/tunnel-session-document';
export * from './construct/tunnel-source';
export * from './construct/tunnel-target';
export * from './construct/tunnelable-rds-cluster';
