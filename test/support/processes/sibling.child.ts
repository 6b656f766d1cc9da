/** One of two processes of a port, without a server. It forwards the test's messages to the other, and reports to the test what arrives. */
import { createSiblings } from '../../../src/processes/siblings.ts';

const siblings = createSiblings();
const report = (what: string, from: number, text = '') => process.send?.({ kind: 'report', what, from, text });

siblings.receive('say', (text, to) => siblings.sendTo(to, 'said', String(text)));
siblings.receive('said', (text, from) => report('heard', from, String(text)));
siblings.onLost((to) => report('lost', to));
