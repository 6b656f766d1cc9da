// A set-up file of vitest's: its hook runs behind those of each test file.
import { afterAll } from 'vitest';
import { closeLeftovers } from './leftovers.ts';

afterAll(closeLeftovers);
