/** Prints the findings of the soak. */

import type { Usage } from './fleet.ts';
import type { Scene } from './scene.ts';
import type { Finding } from './verify.ts';

const MS_PER_SECOND = 1_000;
const MESSAGES = 12;

export function say(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

/** Aligns rows of equal length in columns. The first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ');
  return `\n${rows.map(line).join('\n')}\n`;
}

export function findingsTable(
  before: Usage,
  findings: readonly Finding[],
  { callers, sightings, balances, branches, receivers, services, world }: Scene,
): string {
  const head = [
    'fault',
    'acknowledged',
    'tried again',
    'lost',
    'doubled',
    'versions missed',
    'doubled',
    'reconnects',
    'served after s',
    'MB',
    'fds',
  ];
  const rows = findings.map((finding) => [
    finding.fault,
    String(finding.acknowledged),
    String(finding.triedAgain),
    String(finding.lost),
    String(finding.doubled),
    String(finding.versionsMissed),
    String(finding.versionsDoubled),
    String(finding.reconnects),
    (finding.servedAfterMs / MS_PER_SECOND).toFixed(1),
    String(finding.usage.residentMb),
    String(finding.usage.descriptors),
  ]);
  const webhookRows = findings.map(({ ends, fault, webhooks }) => [
    fault,
    ...[webhooks.accepted, webhooks.again, webhooks.lost, webhooks.doubled, webhooks.disordered].map(String),
    ...[ends.made, ends.lost, ends.doubled].map(String),
  ]);
  const webhookHead = ['fault', 'webhooks', 'again', 'lost', 'doubled', 'out of order', 'ends of terms', 'lost', 'doubled'];
  const words = [
    `${world.payers.length} callers, ${balances.length} subscribers of balanceChanged, ${branches.length} of branchChanged and ${services.length} of accessChanged, three servers.`,
    `Before: ${before.residentMb} MB and ${before.descriptors} descriptors in all three. Delivered: ${sightings.delivered} changes; ${sightings.repeated} repeated by a branch subscription after a reconnect.`,
    `Webhooks at ${receivers.count} receivers: ${receivers.accepted} accepted, ${receivers.again} of them repeated with the same id; ${receivers.refused} refused on purpose.`,
    'Memory and descriptors are counted after the load has ended and garbage is collected.',
    `Checked after each fault: every acknowledged row exists and no other, the journal's own checks, every subscriber at the newest version, every webhook accepted and in order for each customer.`,
    `Errors other than OVERLOADED: ${countsOf(callers.failures)}. Subscriptions that ended with an error: ${countsOf(sightings.errors)}.`,
    ...findings.flatMap(({ fault, problems }) => problems.map((problem) => `PROBLEM after "${fault}": ${problem}`)),
  ];
  return `${table([head, ...rows])}${table([webhookHead, ...webhookRows])}\n${words.join('\n')}\n`;
}

function countsOf(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([code, count]) => `${count} × ${code}`).join(', ') || 'none';
}

/** The servers' log messages with their counts, the most frequent first. */
export function logTable(logs: string): string {
  const counts = new Map<string, number>();
  for (const line of logs.split('\n')) {
    const message = messageOf(line);
    if (message !== null) counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, MESSAGES);
  return most.length === 0 ? '' : `${table([['logged', 'times'], ...most.map(([message, count]) => [message, String(count)])])}\n`;
}

function messageOf(line: string): string | null {
  if (!line.startsWith('{')) return null;
  const { msg, err } = JSON.parse(line);
  const why = typeof err === 'string' ? err : (err?.code ?? err?.message ?? '');
  return `${msg} (${String(why).slice(0, 80)})`;
}
