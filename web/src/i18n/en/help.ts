/** English texts of the page about credits. */

export const help = {
  title: 'How credits work',
  intro: 'Everything that costs credits, with examples. You always see the cost and the balance after it before anything is charged.',
  credit: {
    title: 'What a credit buys',
    text: '1 credit is 30 days of service for one customer on one screen. Cost = months × screens. Credits never expire.',
    first: '3 months on 1 screen: 3 × 1 = 3 credits',
    second: '12 months on 1 screen: 12 × 1 = 12 credits',
    third: '1 month on 3 screens: 1 × 3 = 3 credits',
  },
  month: {
    title: 'A month is 30 days',
    text: 'It is always exactly 30 × 24 hours, whatever the calendar says, so that a credit is worth the same all year.',
    first: 'Quarterly: 3 months = 90 days',
    second: 'Half-yearly: 6 months = 180 days',
    third: 'Yearly: 12 months = 360 days, not 365',
  },
  renew: {
    title: 'Renewing',
    text: 'The days are added to the remaining ones, so you lose nothing by renewing early. The limit is 36 months ahead.',
    first: '10 days left, renewed for 1 month: 40 days',
    second: 'Expired 5 days ago, renewed for 1 month: 30 days from now',
    third: 'Customer with 2 screens, renewed for 3 months: 3 × 2 = 6 credits',
  },
  screens: {
    title: 'Adding screens',
    text: 'Each added screen costs 1 credit for each remaining month of 30 days, rounded up, and at least 1 credit.',
    first: '45 days left, 1 more screen: 2 credits',
    second: '30 days left, 2 more screens: 2 × 1 = 2 credits',
    third: '3 days left, 1 more screen: 1 credit',
  },
  fewer: {
    title: 'Fewer screens',
    text: 'The change takes effect when the paid time ends. Until then every paid screen works. Nothing is refunded.',
    first: '3 screens paid until the 20th, reduced to 1: 3 screens until the 20th, then 1',
    second: 'Renewed for 2 months in the meantime: 2 × 1 = 2 credits, for the days after the 20th',
    third: 'Changed your mind before the 20th? Set the number again: it costs nothing',
  },
  lock: {
    title: 'When credits run out',
    text: 'At 0 the panel is locked: you can only buy credits. It unlocks automatically as soon as credits arrive.',
    first: 'Balance 3, a renewal of 3: the balance is 0 and the panel is locked',
    second: 'Your customers keep their service until it expires: they have already paid',
    third: 'Tip: keep 1 credit in reserve',
  },
} as const;

declare module '../words.ts' {
  interface Resources {
    help: typeof help;
  }
}
