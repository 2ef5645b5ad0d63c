import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawPicture } from './picture.js';
import { simulatePoints } from './points.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
writeFileSync(join(root, 'docs', 'simulation.svg'), drawPicture(simulatePoints()));
