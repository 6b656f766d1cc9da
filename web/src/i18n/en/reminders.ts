/** English words of reminder rules. */

export const reminders = {
  title: 'Reminders',
  text: 'When your customers are reminded of the end of their service. Each is reminded once for each rule and end; who has renewed or canceled is not.',
  messages: "Today's messages",
  none: 'You have no rules yet: nobody is reminded.',
  begin: 'Begin with the usual ones',
  add: 'Add a rule',
  numbered: 'Rule {{place}}',
  remove: 'Remove rule {{place}}',
  moment: 'When',
  moments: {
    before: 'Days before the end',
    onDay: 'On the day of the end',
    after: 'Days after the end',
    trialBefore: 'Hours before the end of a trial',
    trialAfter: 'Hours after the end of a trial',
  },
  days: 'Days',
  hours: 'Hours',
  hour: 'At',
  channel: 'How',
  channels: {
    QUEUE: "In the day's list, by WhatsApp",
    EMAIL: 'By e-mail, to contacts that are addresses',
    WEBHOOK: 'By webhook',
  },
  channelProblem: {
    NO_MAIL: 'Mail is not set up on this server: nothing is sent by this rule.',
    NO_ENDPOINT:
      'No enabled webhook of this panel asks for “Customer to be reminded” (Settings › Integrations): nothing is sent by this rule.',
  },
  template: 'Text',
  fields: 'Fields',
  insert: 'Insert {{name}}',
  preview: 'As a customer of yours reads it:',
  previewOf: 'Preview of rule {{place}}',
  saved: 'The reminders are saved.',
  usual: {
    before: 'Hello, {name}! Your service ends on {expiry}, in {days} day(s). Shall we renew it? {seller}',
    onDay: 'Hello, {name}! Your service ends today, at {time}. Shall we renew it? {seller}',
    after: 'Hello, {name}! Your service ended on {expiry}. Shall we renew it? {seller}',
  },
  problem: {
    days: 'From 1 to 30',
    hours: 'From 0 to 24',
    twice: 'Another rule has this moment',
    filled: 'Please fill this in',
    unknown: 'There is no field “{{name}}”',
  },
} as const;

declare module '../words.ts' {
  interface Resources {
    reminders: typeof reminders;
  }
}
