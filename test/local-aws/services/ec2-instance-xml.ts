import { hexId } from '../place';
import { type Instance, STATE_CODES } from '../state/instance';

/** An instance in a reservation of its own, as DescribeInstances shows it. */
export function describeReservation(instance: Instance): object {
  return {
    reservationId: `r-${hexId(17, 'reservation', instance.id)}`,
    ownerId: instance.settings.account,
    groupSet: {},
    instancesSet: { item: describe(instance) },
  };
}

function describe(instance: Instance): object {
  const { settings, state, stateReason } = instance;
  // EC2 forgets where an instance was once it is terminated.
  const isPlaced = state !== 'terminated';
  return {
    instanceId: instance.id,
    imageId: settings.imageId,
    instanceState: { code: STATE_CODES[state], name: state },
    privateDnsName: isPlaced ? `ip-${settings.privateIp.replaceAll('.', '-')}.ec2.internal` : '',
    dnsName: '',
    reason: instance.stateTransitionReason,
    amiLaunchIndex: 0,
    productCodes: {},
    instanceType: settings.instanceType,
    launchTime: instance.launchTime,
    placement: { availabilityZone: settings.availabilityZone, groupName: '', tenancy: 'default' },
    monitoring: { state: 'disabled' },
    ...(isPlaced && { subnetId: settings.subnetId, vpcId: settings.vpcId, privateIpAddress: settings.privateIp, sourceDestCheck: true }),
    groupSet: { item: isPlaced ? settings.securityGroupIds.map((groupId) => ({ groupId, groupName: groupId })) : [] },
    ...(stateReason !== undefined && { stateReason }),
    architecture: settings.architecture,
    rootDeviceType: settings.rootDeviceType,
    rootDeviceName: '/dev/xvda',
    blockDeviceMapping: {},
    virtualizationType: 'hvm',
    clientToken: '',
    tagSet: { item: Object.entries(settings.tags).map(([key, value]) => ({ key, value })) },
    hypervisor: 'xen',
    networkInterfaceSet: {},
    ebsOptimized: false,
    metadataOptions: { state: 'applied', httpTokens: 'required', httpPutResponseHopLimit: 1, httpEndpoint: 'enabled' },
  };
}
