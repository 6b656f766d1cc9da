// Runs the tests while other processes burn CPU, to show that the tests pass on a slow machine.
// `npm run test:loaded [-- --burners N] [files…]`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

const BURN = 'const parent = process.ppid; while (process.ppid === parent) for (let turn = 0; turn < 1e8; turn += 1);';

const { values, positionals } = parseArgs({ options: { burners: { type: 'string', default: '6' } }, allowPositionals: true });
// They end with this process, however it ends.
const burners = Array.from({ length: Number(values.burners) }, () => spawn(process.execPath, ['-e', BURN], { stdio: 'ignore' }));
const run = spawn('npx', ['vitest', 'run', ...positionals], { stdio: 'inherit' });
const [code] = await once(run, 'exit');
for (const burner of burners) burner.kill();
process.exit(code ?? 1);
