/** One of two processes of a port, without anything that serves: it tells the other what the test says, and the test what it hears. */
import { createSiblings } from '../../../src/processes/siblings.ts';

const siblings = createSiblings();
const report = (what: string, from: number, text = '') => process.send?.({ kind: 'report', what, from, text });

siblings.receive('say', (text, to) => siblings.sendTo(to, 'said', String(text)));
siblings.receive('said', (text, from) => report('heard', from, String(text)));
siblings.onLost((to) => report('lost', to));
