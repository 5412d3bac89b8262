import { closeSync, openSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLock } from '../../src/tunnel/lock';

/** Takes the lock of a folder, and says so. Then keeps it until its input ends, or is in a room that has place for one, and leaves. */
async function main([dir, room]: string[]): Promise<void> {
  const release = await acquireLock({ dir: dir!, key: 'key', onWait: ({ pid }) => console.log(`waiting for ${pid}`) });
  console.log('locked');
  if (room) {
    closeSync(openSync(room, 'wx'));
    await sleep(2);
    rmSync(room);
  } else {
    await new Promise((resolve) => process.stdin.resume().once('end', resolve));
  }
  await release();
  console.log('released');
}

void main(process.argv.slice(2));
