/** Put in what you have: the README has the commands that print it. */
export const DATABASE = { account: '111111111111', region: 'eu-central-1' };

export const IDENTITY_CENTER = {
  /** That of the organization's management account, or of the account that administers Identity Center for it. */
  env: { account: '222222222222', region: 'eu-west-1' },
  instanceArn: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
  /** Of the people who shall connect. */
  groupId: '01234567-89ab-cdef-0123-456789abcdef',
};
