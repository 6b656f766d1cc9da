/** English words of the day's messages. */

export const messages = {
  title: "Today's messages",
  titleCounted: "Today's messages ({{amount}})",
  rules: 'Reminder rules',
  waiting: 'To be sent',
  none: 'No message waits',
  allSent: 'All sent',
  noneText: 'Messages come at the hour of your reminder rules. Who has renewed is not in the list any more.',
  more: '{{amount}} more follow when these are sent.',
  sent: 'Sent ({{amount}})',
  sentList: 'Sent messages',
  sentAt: 'sent {{at}}',
  noNumber: 'No telephone number: {{contact}}',
  copy: 'Copy',
  whatsapp: 'WhatsApp',
  whatsappTo: 'WhatsApp to {{name}}',
  tick: 'Sent',
  tickOf: 'Sent: {{name}}',
  notSent: 'Not sent',
  notSentOf: 'Not sent: {{name}}',
} as const;

declare module '../words.ts' {
  interface Resources {
    messages: typeof messages;
  }
}
