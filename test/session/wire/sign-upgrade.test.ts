import { createHash, createHmac } from 'node:crypto';
import { signUpgrade } from '../../../src/session/wire/sign-upgrade';

const REGION = 'eu-central-1';
const DATE = new Date('2026-11-21T12:34:56Z');
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const EMPTY_BODY = createHash('sha256').update('').digest('hex');

function sign(url: string, sessionToken?: string) {
  return signUpgrade({ url: new URL(url), region: REGION, credentials: { ...CREDENTIALS, sessionToken, signingDate: DATE } });
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Signature Version 4, by hand. */
function signatureOf(url: URL, headers: Record<string, string>): string {
  const names = Object.keys(headers).sort();
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join('&');
  const path = url.pathname.split('/').map(encode).join('/');
  const canonical = ['GET', path, query, ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), EMPTY_BODY].join('\n');
  const scope = `20261121/${REGION}/ssmmessages/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', '20261121T123456Z', scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = scope.split('/').reduce((secret: string | Buffer, part) => createHmac('sha256', secret).update(part).digest(), `AWS4${CREDENTIALS.secretAccessKey}`);
  return createHmac('sha256', key).update(toSign).digest('hex');
}

test.each([
  'wss://ssmmessages.eu-central-1.amazonaws.com/v1/data-channel/alice-0a1b2c?role=publish_subscribe',
  'wss://ssmmessages.eu-central-1.amazonaws.com/v1/data-channel/alice%40example.com-0a1b?role=publish_subscribe&cell-number=AAEA%2Bx%2Fy%3D%3D&empty=',
  'ws://127.0.0.1:4566/v1/data-channel/x?b=2&a=1&a=0',
])('signs %s as computed by hand', async (url) => {
  const { authorization, ...headers } = await sign(url, 'a/session+token=');
  expect(headers).toEqual({ 'host': new URL(url).host, 'x-amz-date': '20261121T123456Z', 'x-amz-security-token': 'a/session+token=' });
  expect(authorization).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/${REGION}/ssmmessages/aws4_request, `
    + `SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=${signatureOf(new URL(url), headers)}`,
  );
});

test('sends no security token where there is none', async () => {
  expect(Object.keys(await sign('wss://ssmmessages.eu-central-1.amazonaws.com/v1/data-channel/x')).sort()).toEqual(['authorization', 'host', 'x-amz-date']);
});

test.each(['X-Amz-Signature', 'x-amz-credential', 'X-AMZ-SECURITY-TOKEN'])('leaves a URL alone that carries %s', async (parameter) => {
  expect(await sign(`wss://ssmmessages.eu-central-1.amazonaws.com/v1/data-channel/x?role=publish_subscribe&${parameter}=1`)).toEqual({});
});
