import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { apiServer } from './api-server';
import { authenticate } from './authentication';
import { Calls } from './calls';
import { Credentials } from './credentials';
import { DATA_CHANNEL_PATH, dataChannels } from './data-channels';
import { Faults } from './faults';
import { type AgentTiming, MessageGateway } from './gateway/gateway';
import { Hosts } from './hosts';
import { isSamePlace, type Place } from './place';
import { Secrets } from './secrets';
import { ec2 } from './services/ec2';
import { rds } from './services/rds';
import { secretsManager } from './services/secrets-manager';
import { ssm } from './services/ssm';
import { sts } from './services/sts';
import type { InstanceTiming } from './state/instance';
import { State } from './state/state';
import { deploy } from './template/deployment';
import { Stack, type StackSettings } from './template/stack';
import { type Template, TemplateError } from './template/template';

export interface StackOptions extends Partial<Place> {
  /** @default - the name of the template's file, else "Stack" */
  readonly stackName?: string;
  /** @default - the defaults of the template */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface LocalAwsOptions extends StackOptions {
  /** A synthesized template, or the path of one. */
  readonly template: object | string;
  /** @default - any free one */
  readonly port?: number;
  /** @default - short enough for tests */
  readonly timing?: Partial<InstanceTiming>;
  /** @default - the real one */
  readonly agentTiming?: Partial<AgentTiming>;
  /** The key and the certificate that it shows. @default - it speaks in plain */
  readonly tls?: SecureContextOptions;
}

const HOME: Place = { account: '123456789012', region: 'us-east-1' };
const TIMING: InstanceTiming = { pending: 50, stopping: 50, shuttingDown: 20, agentDelay: 0, healing: 50 };
const HOST = '127.0.0.1';

/** An AWS on loopback that holds what a synthesized template describes, for whoever has its `environment`. */
export class LocalAws {
  /** Starts one, and deploys a first template to it. */
  static async start({ template, port = 0, timing, agentTiming, tls, ...options }: LocalAwsOptions): Promise<LocalAws> {
    const home = { account: options.account ?? HOME.account, region: options.region ?? HOME.region };
    const aws = new LocalAws(home, { ...TIMING, ...timing }, agentTiming, tls);
    await aws.load(template, options);
    aws.#server.listen(port, HOST);
    await once(aws.#server, 'listening');
    return aws;
  }

  readonly calls = new Calls();
  readonly faults = new Faults();
  readonly hosts = new Hosts();
  readonly secrets = new Secrets();
  readonly credentials = new Credentials(this.secrets);
  readonly gateway: MessageGateway;

  readonly #state: State;
  readonly #server: Server;
  readonly #closing = new AbortController();
  readonly #stacks: Stack[] = [];
  #closed?: Promise<void>;
  #environment?: Readonly<Record<string, string>>;

  private constructor(readonly home: Place, timing: InstanceTiming, agentTiming?: Partial<AgentTiming>, readonly tls?: SecureContextOptions) {
    const state = this.#state = new State(home, timing, this.secrets);
    this.gateway = new MessageGateway({
      timing: agentTiming,
      resolveHost: (host, port) => this.hosts.resolve(host, port),
      credentialsCheck: (request) => {
        const { method, url, headers } = request;
        return authenticate({ method: method!, url: url!, headers, body: Buffer.alloc(0) }, 'ssmmessages', this.credentials).refusal;
      },
    });
    const channels = dataChannels(state.sessions, this.gateway, this.secrets, () => `ws${this.endpoint.slice('http'.length)}`);
    state.instances.on('agentGone', (instanceId) => this.gateway.stopInstance(instanceId));
    this.#server = apiServer({
      services: [ec2(state.instances), rds(state.clusters), secretsManager(state.storedSecrets), ssm(state, channels), sts],
      credentials: this.credentials,
      calls: this.calls,
      faults: this.faults,
      closing: this.#closing.signal,
      tls,
    });
    this.#server.on('upgrade', (request, socket, head) => {
      if (request.url!.startsWith(DATA_CHANNEL_PATH)) this.gateway.handleUpgrade(request, socket, head);
      else socket.destroy();
    });
  }

  get instances(): State['instances'] {
    return this.#state.instances;
  }

  get groups(): State['groups'] {
    return this.#state.groups;
  }

  get clusters(): State['clusters'] {
    return this.#state.clusters;
  }

  get parameters(): State['parameters'] {
    return this.#state.parameters;
  }

  get documents(): State['documents'] {
    return this.#state.documents;
  }

  get sessions(): State['sessions'] {
    return this.#state.sessions;
  }

  get storedSecrets(): State['storedSecrets'] {
    return this.#state.storedSecrets;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `${this.tls ? 'https' : 'http'}://${HOST}:${this.port}`;
  }

  /** What SDKs, the AWS CLI and `connect` need in their environment to talk to this AWS, and to nothing else. */
  get environment(): Readonly<Record<string, string>> {
    return this.#environment ??= this.environmentFor();
  }

  /** Deploys a template: a new stack, or an update of the one that has its name. */
  async load(template: object | string, options: StackOptions = {}): Promise<Stack> {
    const place = { account: options.account ?? this.home.account, region: options.region ?? this.home.region };
    const settings: StackSettings = {
      name: options.stackName ?? (typeof template === 'string' ? basename(template).replace(/(\.template)?\.json$/, '') : 'Stack'),
      place,
      template: (typeof template === 'string' ? JSON.parse(await readFile(template, 'utf8')) : template) as Template,
      parameters: options.parameters,
      imported: (exportName) => this.#imported(place, exportName),
    };
    const at = this.#stacks.findIndex((stack) => stack.name === settings.name && isSamePlace(stack.settings.place, place));
    const before = this.#stacks[at];
    const stack = before?.updated(settings) ?? new Stack(settings);
    deploy(stack, before, this.#state);
    this.#stacks.splice(at < 0 ? this.#stacks.length : at, 1, stack);
    return stack;
  }

  /** The environment of someone else: of another account or region, or with other credentials. */
  environmentFor(person: Partial<Place> & { readonly sessionName?: string } = {}): Record<string, string> {
    const { account = this.home.account, region = this.home.region, sessionName } = person;
    const { accessKeyId, secretAccessKey, sessionToken } = this.credentials.issue(account, sessionName);
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_EC2_METADATA_DISABLED: 'true',
      NO_PROXY: HOST,
    };
  }

  /** Ends everything: open connections, sessions, and what instances were about to do. May be called again. */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    this.groups.close();
    this.instances.close();
    await this.gateway.close();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #imported(place: Place, exportName: string): unknown {
    const here = this.#stacks.filter((stack) => isSamePlace(stack.settings.place, place));
    const exporter = here.map((stack) => stack.exports()).find((exports) => Object.hasOwn(exports, exportName));
    if (exporter === undefined) throw new TemplateError(`no stack exports ${JSON.stringify(exportName)}`);
    return exporter[exportName];
  }
}
