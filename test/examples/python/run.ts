import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Kernel } from './kernel';

/**
 * Runs a Python app with a generated package. What it makes is made here.
 * @returns all constructs and other objects of it
 */
export async function runPythonApp(app: string, pythonPackage: string): Promise<unknown[]> {
  const kernel = new Kernel();
  const python = spawn('python3', ['-O', '-B', join(__dirname, 'run.py'), app, pythonPackage], { stdio: 'pipe' });
  const complaints = text(python.stderr);
  const ended = once(python, 'close');
  createInterface(python.stdout).on('line', (line) => python.stdin.write(`${JSON.stringify(kernel.answer(JSON.parse(line)))}\n`));
  const [code] = await ended;
  if (code !== 0) throw new Error(`python3 ended with ${code}: ${await complaints}`);
  return kernel.objects;
}
