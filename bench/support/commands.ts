/** What a connection to the target begins with: a byte that says what is wanted. */
export const COMMANDS = { PROBE: 0x00, ECHO: 0x45, SINK: 0x53, SOURCE: 0x44 } as const;
