/** What may be granted beside what `connect` needs to open a tunnel. */
export interface TunnelGrantOptions {
  /**
   * The user of the database to log in as by IAM (`rds-db:connect`). It must exist, and IAM authentication must be enabled. May hold a policy
   * variable, such as `${aws:username}`, and no wildcard.
   *
   * @default - nobody is let into the database by IAM
   */
  readonly databaseUser?: string;

  /**
   * Whether the secret of the target may be read: its `credentialsSecret` or `administratorSecret`.
   *
   * @default false
   */
  readonly readSecret?: boolean;

  /**
   * Whether the cluster may be looked up, which `connect --bastion <exid> --cluster <name>` does in the place of reading a descriptor. That way
   * knows of no document but that of AWS: it works with `TunnelSessionDocument.awsOwned()` only.
   *
   * @default false
   */
  readonly describeCluster?: boolean;
}
