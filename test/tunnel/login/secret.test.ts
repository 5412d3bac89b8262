import { readSecret, refuseForeignSecret } from '../../../src/tunnel/login/secret';

const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:login-AbCdEf';
const CLUSTER = 'ahbodedb.cluster-abc123.us-east-1.rds.amazonaws.com';

test('reads what RDS writes, and ignores the rest', () => {
  const text = JSON.stringify({ username: 'app', password: 's3cret', host: CLUSTER, port: 5432, dbname: 'app', engine: 'postgres' });
  expect(readSecret(text, ARN)).toEqual({ username: 'app', password: 's3cret', host: CLUSTER, dbname: 'app' });
});

test.each([
  ['s3cret', 'is no JSON object'],
  ['["s3cret"]', 'is no JSON object'],
  ['{"password":"s3cret"}', 'has no "username"'],
  ['{"username":"app","password":{"of":"s3cret"}}', 'has no "password"'],
  ['{"username":"app","password":"s3cret\\u0000"}', 'has a NUL in its "password"'],
])('fails with exit code 8, and quotes nothing, when it reads %s', (text, why) => {
  const problem = (() => {
    try {
      return readSecret(text, ARN);
    } catch (error) {
      return error;
    }
  })();
  expect(problem).toMatchObject({ exit: 8, message: expect.stringContaining(why) });
  expect(JSON.stringify(problem)).not.toContain('s3cret');
});

test.each([
  ['the same', CLUSTER, CLUSTER],
  ['the same in capitals', CLUSTER.toUpperCase(), CLUSTER],
  ['its readers', CLUSTER, 'ahbodedb.cluster-ro-abc123.us-east-1.rds.amazonaws.com'],
  ['a proxy of its account', CLUSTER, 'main.proxy-abc123.us-east-1.rds.amazonaws.com'],
  ['one of RDS, of a secret that RDS manages', undefined, CLUSTER],
  ['one that has a name of its own', 'db.example.com', 'db.example.com'],
])('a password goes to %s', (_, host, target) => {
  expect(() => refuseForeignSecret({ username: 'app', password: 'x', host }, target, ARN)).not.toThrow();
});

test.each([
  ['another cluster', CLUSTER, 'other.cluster-abc123.us-east-1.rds.amazonaws.com'],
  ['a cluster of another account', CLUSTER, 'ahbodedb.cluster-def456.us-east-1.rds.amazonaws.com'],
  ['a proxy of another account', CLUSTER, 'main.proxy-def456.us-east-1.rds.amazonaws.com'],
  ['somebody else', CLUSTER, 'evil.example'],
  ['one that only looks like it', CLUSTER, `${CLUSTER}.evil.example`],
  ['one that is not of AWS, of a secret that names none', undefined, 'evil.example'],
  ['what of AWS is no database', undefined, 'abc123.execute-api.us-east-1.amazonaws.com'],
])('fails with exit code 8 when a password would go to %s', (_, host, target) => {
  expect(() => refuseForeignSecret({ username: 'app', password: 'x', host }, target, ARN)).toThrow(expect.objectContaining({ exit: 8 }));
});
