// Placeholder until the fresh-clone runner is in: runs a file with the pinned runtime.
import { spawn } from 'node:child_process';

const child = spawn('node_modules/.bin/node', process.argv.slice(2), { stdio: 'inherit' });
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
