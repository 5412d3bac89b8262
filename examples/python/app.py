"""The example `shared-bastion`, in Python: it makes the same template."""
from aws_cdk import App, Duration, Stack, aws_ec2 as ec2, aws_elasticache as elasticache, aws_iam as iam, aws_rds as rds
from constructs import Construct
from tunnelable_rds_cluster import TunnelBastion, TunnelSessionDocument, TunnelSource, TunnelTarget


class Valkey(Construct):
    """Two nodes of Valkey, one for reading: the CDK has no construct of its own for ElastiCache."""

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc) -> None:
        super().__init__(scope, construct_id)
        self.security_group = ec2.SecurityGroup(self, "SecurityGroup", vpc=vpc, description="Valkey", allow_all_outbound=False)
        subnets = elasticache.CfnSubnetGroup(
            self,
            "Subnets",
            description="Where Valkey stands",
            subnet_ids=vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS).subnet_ids,
        )
        self.group = elasticache.CfnReplicationGroup(
            self,
            "Group",
            replication_group_description="A primary and a replica",
            engine="valkey",
            cache_node_type="cache.t4g.micro",
            num_cache_clusters=2,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            at_rest_encryption_enabled=True,
            transit_encryption_enabled=True,
            cache_subnet_group_name=subnets.ref,
            security_group_ids=[self.security_group.security_group_id],
        )


class SharedBastionStack(Stack):
    """Three targets of different kinds behind one bastion, and two roles that may reach not the same ones."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        vpc = ec2.Vpc(self, "Vpc", max_azs=2, nat_gateways=1)
        bastion = TunnelBastion(self, "Bastion", vpc=vpc, exid="shared-bastion", idle_timeout=Duration.minutes(20))

        orders = rds.DatabaseCluster(
            self,
            "Orders",
            engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_7),
            writer=rds.ClusterInstance.serverless_v2("Writer"),
            readers=[rds.ClusterInstance.serverless_v2("Reader", scale_with_writer=True)],
            vpc=vpc,
            storage_encrypted=True,
            iam_authentication=True,
            deletion_protection=True,
        )
        reports = rds.DatabaseInstance(
            self,
            "Reports",
            engine=rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.VER_8_4_7),
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
            vpc=vpc,
            storage_encrypted=True,
            iam_authentication=True,
            deletion_protection=True,
        )
        valkey = Valkey(self, "Valkey", vpc=vpc)

        orders_target = TunnelTarget(
            self,
            "OrdersTarget",
            target_name="orders",
            bastion=bastion,
            source=TunnelSource.cluster(orders),
            iam_authentication=True,
            session_document=TunnelSessionDocument.fixed(max_session_duration=Duration.hours(8)),
        )
        reports_target = TunnelTarget(
            self,
            "ReportsTarget",
            target_name="reports",
            bastion=bastion,
            source=TunnelSource.instance(reports),
            credentials_secret=reports.secret,
        )
        valkey_target = TunnelTarget(
            self,
            "ValkeyTarget",
            target_name="valkey",
            bastion=bastion,
            source=TunnelSource.replication_group(valkey.group, security_groups=[valkey.security_group]),
        )

        developers = iam.Role(self, "Developers", assumed_by=iam.AccountRootPrincipal())
        orders_target.grant_connect(developers, database_user="developer")
        valkey_target.grant_connect(developers)
        orders_target.grant_list(developers)

        analysts = iam.Role(self, "Analysts", assumed_by=iam.AccountRootPrincipal())
        reports_target.grant_connect(analysts, read_secret=True)


app = App()
SharedBastionStack(app, "SharedBastionStack")
app.synth()
