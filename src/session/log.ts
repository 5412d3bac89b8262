/** Where a session says what it does. Nothing secret goes there. */
export interface SessionLog {
  debug(message: string, details?: object): void;
  info(message: string, details?: object): void;
  warn(message: string, details?: object): void;
}
