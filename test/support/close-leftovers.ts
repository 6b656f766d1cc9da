// A set-up file of vitest: its hook runs after the hooks of each test file.
import { afterAll } from 'vitest';
import { closeLeftovers } from './leftovers.ts';

afterAll(closeLeftovers);
