const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What each key of a client's first frame must hold. */
const KEYS: Readonly<Record<string, RegExp>> = {
  MessageSchemaVersion: /^1\.0$/,
  RequestId: UUID,
  TokenValue: /^.+$/,
  ClientId: UUID,
  ClientVersion: /^\d+(\.\d+){3}$/,
};

/** The token in a client's first frame; undefined when the frame is not what a client has to begin with. */
export function tokenOf(frame: string): string | undefined {
  try {
    const values: unknown = JSON.parse(frame);
    const valid = typeof values === 'object' && values !== null
      && Object.entries(KEYS).every(([key, form]) => form.test(String((values as Record<string, unknown>)[key] ?? '')));
    return valid ? (values as { TokenValue: string }).TokenValue : undefined;
  } catch {
    return undefined;
  }
}
