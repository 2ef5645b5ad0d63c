import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLicences } from './licences.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
writeFileSync(join(root, 'THIRD-PARTY-LICENSES'), await writeLicences(root));
