import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { filesBelow, textOf } from '../house/tree.ts';
import { startApi } from '../support/clients/api.ts';

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

/** The metrics that an expression names, with the labels it selects. */
function metricsIn(expression: string): { name: string; labels: string[]; codes: string[] }[] {
  return [...expression.matchAll(/\b((?:revenda|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', selector = '']) => ({
    name: name.replace(/_(?:bucket|sum|count)$/, ''),
    labels: [...selector.matchAll(/(\w+)=/g)].map(([, label = '']) => label),
    codes: [...selector.matchAll(/\bcode="(\w+)"/g)].map(([, code = '']) => code),
  }));
}

test('the dashboard and the alerts use only metrics of the server, and the dashboard shows every one of its own', async () => {
  await using api = await startApi();
  const text = await (await fetch(`${api.client.origin}/metrics`)).text();
  const names = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
  const dashboard: { panels: readonly Panel[] } = JSON.parse(await readFile('ops/grafana/revenda.json', 'utf8'));
  const { groups }: { groups: readonly { rules: readonly Rule[] }[] } = parse(await readFile('ops/prometheus/alerts.yml', 'utf8'));
  const rules = groups.flatMap((group) => group.rules);
  const drawn = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const asked = [...drawn, ...rules.map(({ expr }) => expr)].flatMap(metricsIn);
  expect(asked.length).toBeGreaterThan(30);
  expect(asked.filter(({ name }) => !names.has(name))).toEqual([]);
  const shown = new Set(drawn.flatMap(metricsIn).map(({ name }) => name));
  expect([...names].filter((name) => name.startsWith('revenda_') && !shown.has(name))).toEqual([]);

  // The labels that the metrics are created with, and codes that the server returns.
  const made = textOf('src/server/metrics.ts');
  const labels = new Set([...made.matchAll(/labelNames: \[([^\]]*)\]/g)].flatMap(([, list = '']) => list.match(/\w+/g) ?? []));
  const others = new Set(['job', 'instance']);
  expect(asked.flatMap((metric) => metric.labels).filter((label) => !labels.has(label) && !others.has(label))).toEqual([]);
  const source = filesBelow(['src'], ['.ts']).map(textOf).join('\n');
  const codes = asked.flatMap((metric) => metric.codes);
  expect(codes).toContain('OVERLOADED');
  expect(codes.filter((code) => !source.includes(`'${code}'`))).toEqual([]);

  for (const { alert, labels: given, annotations } of rules) {
    expect(alert).toMatch(/^Revenda[A-Z]/);
    expect(['page', 'ticket']).toContain(given.severity);
    expect(annotations.summary).not.toBe('');
  }
});
