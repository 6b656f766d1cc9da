/** The form's values for reminder rules, their validation, and the preview of a text (R58). */

import { randomId } from '@mantine/hooks';
import type { ReminderChannel, ReminderRuleFieldsFragment, ReminderRuleInput } from '../../gql/graphql.ts';

/** Relative to the end of a paid term, in days, or of a trial, in hours. */
export const MOMENTS = ['before', 'onDay', 'after', 'trialBefore', 'trialAfter'] as const;

export type Moment = (typeof MOMENTS)[number];

/** While typed text is not a number, the value is a string. */
export interface RuleValues {
  /** The key of the form's row. */
  readonly key: string;
  readonly moment: Moment;
  readonly amount: number | string;
  /** The hour of the day, as a value of the list of hours. */
  readonly hour: string;
  readonly channel: ReminderChannel;
  readonly template: string;
}

export const MAX_DAYS = 30;
export const MAX_HOURS = 24;
export const MAX_CHARACTERS = 1_000;

export function isForTrials(moment: Moment): boolean {
  return moment === 'trialBefore' || moment === 'trialAfter';
}

export function valuesOf({ channel, daysFromEnd, hour, template, trialHours }: ReminderRuleFieldsFragment): RuleValues {
  const distance = trialHours ?? daysFromEnd;
  const paid = distance < 0 ? 'before' : distance > 0 ? 'after' : 'onDay';
  const trial = distance < 0 ? 'trialBefore' : 'trialAfter';
  return {
    key: randomId(),
    moment: trialHours === null ? paid : trial,
    amount: Math.abs(distance),
    hour: String(hour),
    channel,
    template,
  };
}

export function newRule(moment: Moment, amount: number, template: string): RuleValues {
  return { key: randomId(), moment, amount, hour: '9', channel: 'QUEUE', template };
}

export function inputOf({ amount, channel, hour, moment, template }: RuleValues): ReminderRuleInput {
  const distance = moment === 'onDay' ? 0 : Number(amount) * (moment === 'before' || moment === 'trialBefore' ? -1 : 1);
  // Replaces -0 with 0.
  const signed = distance === 0 ? 0 : distance;
  return isForTrials(moment)
    ? { daysFromEnd: 0, trialHours: signed, hour: 0, channel, template }
    : { daysFromEnd: signed, trialHours: null, hour: Number(hour), channel, template };
}

type Problem = 'days' | 'hours' | 'twice' | 'filled' | 'unknown';

/** The problems, by the name of the form's field. `fields`: the placeholders that a text may contain. */
export function problemsOf(rules: readonly RuleValues[], fields: readonly string[]): Record<string, { problem: Problem; name: string }> {
  const problems: Record<string, { problem: Problem; name: string }> = {};
  const say = (index: number, field: string, problem: Problem, name = '') => {
    problems[`rules.${index}.${field}`] = { problem, name };
  };
  const names = rules.map(nameOf);
  rules.forEach((rule, index) => {
    const [least, most, problem] = isForTrials(rule.moment) ? ([0, MAX_HOURS, 'hours'] as const) : ([1, MAX_DAYS, 'days'] as const);
    const amount = Number(rule.amount);
    if (rule.moment !== 'onDay' && !(rule.amount !== '' && Number.isInteger(amount) && amount >= least && amount <= most)) {
      say(index, 'amount', problem);
    } else if (names.indexOf(names[index] ?? '') < index) say(index, 'moment', 'twice');
    const unknown = namedIn(rule.template).find((name) => !fields.includes(name));
    if (rule.template.trim() === '') say(index, 'template', 'filled');
    else if (unknown !== undefined) say(index, 'template', 'unknown', unknown);
  });
  return problems;
}

/** Identifies a rule by its moment and channel. */
function nameOf(rule: RuleValues): string {
  const { channel, daysFromEnd, trialHours } = inputOf(rule);
  return `${trialHours === null ? 'D' : 'T'}${trialHours ?? daysFromEnd} ${channel}`;
}

const FIELD = /\{([^{}\n]*)\}/g;

function namedIn(template: string): string[] {
  return [...template.matchAll(FIELD)].map(([, name = '']) => name);
}

/** The text as the customer reads it. The rule itself gives the number of days. */
export function previewOf({ amount, moment, template }: RuleValues, examples: ReadonlyMap<string, string>): string {
  const days = moment === 'before' || moment === 'after' ? String(amount) : '0';
  return template.replace(FIELD, (whole, name: string) => (name === 'dias' || name === 'days' ? days : (examples.get(name) ?? whole)));
}
