/** English texts of reminder rules. */

export const reminders = {
  title: 'Reminders',
  text: 'When your customers are reminded that their service expires. Each rule sends one reminder per expiry. Customers who have renewed or canceled get none.',
  messages: "Today's messages",
  none: 'You have no rules yet: nobody is reminded.',
  begin: 'Start with the usual rules',
  add: 'Add a rule',
  numbered: 'Rule {{place}}',
  remove: 'Remove rule {{place}}',
  moment: 'When',
  moments: {
    before: 'Days before the expiry',
    onDay: 'On the day of the expiry',
    after: 'Days after the expiry',
    trialBefore: 'Hours before the end of a trial',
    trialAfter: 'Hours after the end of a trial',
  },
  days: 'Days',
  hours: 'Hours',
  hour: 'At',
  channel: 'How',
  channels: {
    QUEUE: "In the day's list, by WhatsApp",
    EMAIL: 'By e-mail, if the contact is an e-mail address',
    WEBHOOK: 'By webhook',
  },
  channelProblem: {
    NO_MAIL: 'E-mail is not set up on this server, so this rule sends nothing.',
    NO_ENDPOINT:
      'No enabled webhook of this panel receives “Customer to be reminded” (Settings › Integrations), so this rule sends nothing.',
  },
  template: 'Text',
  fields: 'Fields',
  insert: 'Insert {{name}}',
  preview: 'What your customer reads:',
  previewOf: 'Preview of rule {{place}}',
  saved: 'The reminders were saved.',
  usual: {
    before: 'Hello, {name}! Your service ends on {expiry}, in {days} day(s). Shall we renew it? {seller}',
    onDay: 'Hello, {name}! Your service ends today, at {time}. Shall we renew it? {seller}',
    after: 'Hello, {name}! Your service ended on {expiry}. Shall we renew it? {seller}',
  },
  problem: {
    days: 'From 1 to 30',
    hours: 'From 0 to 24',
    twice: 'Another rule has the same time',
    filled: 'Please fill this in',
    unknown: 'There is no field “{{name}}”',
  },
} as const;

declare module '../words.ts' {
  interface Resources {
    reminders: typeof reminders;
  }
}
