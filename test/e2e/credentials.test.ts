import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { ByteTarget, Line } from './support/byte-target';
import { scenario } from './support/scenario';
import type { World } from './support/world';

type Keys = ReturnType<World['aws']['credentials']['issue']>;

const environmentOf = ({ accessKeyId, secretAccessKey, sessionToken }: Keys) =>
  ({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken });
const NO_KEYS = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined };

/** New keys, issued by whoever issued the old ones, which have expired. */
function renew({ aws }: World): Keys {
  aws.credentials.expire();
  return aws.credentials.issue(aws.home.account);
}

/** The session ends, and nobody may start another. */
async function loseSession(world: World): Promise<void> {
  world.aws.gateway.passMinutes(25);
  await eventually(world.status, ({ sessions }) => sessions.length === 0, 10);
}

/** A profile whose keys are what a program prints, as many companies have it. */
class ProgramProfile {
  /** Kept until the world ends. */
  static async in({ atEnd }: World, keys: Keys): Promise<ProgramProfile> {
    const folder = await mkdtemp(join(tmpdir(), 'connect-profile-'));
    atEnd(() => rm(folder, { recursive: true }));
    const profile = new ProgramProfile(folder);
    await profile.give(keys);
    await writeFile(profile.config, `[profile dev]\nregion = us-east-1\ncredential_process = cat ${profile.keys}\n`);
    return profile;
  }

  readonly config: string;
  private readonly keys: string;

  private constructor(folder: string) {
    this.config = join(folder, 'config');
    this.keys = join(folder, 'keys.json');
  }

  async give({ accessKeyId, secretAccessKey, sessionToken }: Keys): Promise<void> {
    const printed = { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken };
    await writeFile(this.keys, JSON.stringify(printed));
  }
}

scenario('credentials that expire leave open connections alone; new sessions fail, and log and status say what to type', async (world) => {
  const { aws, open, connect, closeAll } = world;
  await ByteTarget.forWriterOf(world);
  const { port } = await open('ahbodedb --port 0');
  const line = await Line.to(port);
  await line.echo('before');
  aws.credentials.expire();
  await line.echo('after');
  aws.gateway.cut('bye');
  await eventually(world.status, ({ sessions: [session] }) => session?.trouble !== undefined, 15);
  const { sessions: [session] } = await world.status();
  expect(session.trouble).toMatch(/have expired/);
  const fresh = aws.credentials.issue(aws.home.account);
  const { reused } = await open('ahbodedb --port 0', { environment: environmentOf(fresh) });
  expect(reused).toBe(true);
  await line.echo('and again');
  expect((await world.status()).sessions[0].trouble).toBeUndefined();
  expect((await connect('logs ahbodedb')).stdout).toMatch(/ResumeSession.*have expired/);
  line.close();
  await closeAll(environmentOf(fresh));
}, { timeout: 60_000 });

scenario('keys from the environment are handed over by the next connect, and kept out of sight', async (world) => {
  const { query, open, connect, canaries } = world;
  const { port, pid } = await open();
  const fresh = renew(world);
  await loseSession(world);
  await expect(query(port)).rejects.toThrow();
  expect(await world.status()).toMatchObject({ lastError: expect.stringContaining('have expired'), next: expect.stringContaining('aws sso login') });
  expect((await connect('status ahbodedb')).stdout).toMatch(/^ {2}next .*aws sso login/m);
  expect((await connect('logs ahbodedb')).stdout).toMatch(/a connection was refused, since there is no session: .*have expired.*aws sso login/);
  const held = await Line.to(port);
  await held.ended;
  const again = await open('ahbodedb', { environment: environmentOf(fresh) });
  expect(again.port).toBe(port);
  expect(await query(port)).toBe(42);
  expect((await world.status()).lastError).toBeUndefined();
  expect(again.pid === pid || again.reused === false).toBe(true);
  await canaries.look();
  await world.closeAll(environmentOf(fresh));
}, { timeout: 60_000 });

scenario('a profile whose program gives new keys works again by itself', async (world) => {
  const { aws, query, open } = world;
  const profile = await ProgramProfile.in(world, aws.credentials.issue(aws.home.account));
  const environment = { ...NO_KEYS, AWS_CONFIG_FILE: profile.config };
  const { port, pid } = await open('ahbodedb --port 0 --profile dev', { environment });
  const fresh = renew(world);
  await loseSession(world);
  await expect(query(port)).rejects.toThrow();
  await profile.give(fresh);
  await eventually(async () => query(port).catch(() => undefined), (answer) => answer === 42, 20);
  expect((await world.status()).pid).toBe(pid);
  await world.closeAll(environment);
}, { timeout: 60_000 });
