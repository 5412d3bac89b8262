import { EXIT_CODES } from '../problem';
import { run } from './run';

/** The one place that sets the exit code. A process that ends before it is known has failed. */
process.exitCode = EXIT_CODES.UNEXPECTED;
void run(process.argv.slice(2), {
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  loadTunnels: async () => import('../tunnel/index.js'),
}).then((exit) => {
  process.exitCode = exit;
  // What was given up, such as a request that nobody answers, would keep us for as long as it takes.
  process.exit();
});
