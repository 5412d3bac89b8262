/** What `connect doctor` does. A bundle of its own: it holds a session by itself, which no other command does. */
export { examine } from './examine';
