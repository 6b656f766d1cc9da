/** English texts of the day's messages. */

export const messages = {
  title: "Today's messages",
  titleCounted: "Today's messages ({{amount}})",
  rules: 'Reminder rules',
  waiting: 'To send',
  none: 'No messages to send',
  allSent: 'All sent',
  noneText: 'Messages appear at the times of your reminder rules. Customers who have renewed leave the list.',
  more: '{{amount}} more appear when these are sent.',
  sent: 'Sent ({{amount}})',
  sentList: 'Sent messages',
  sentAt: 'sent {{at}}',
  noNumber: 'Not a phone number: {{contact}}',
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
