/** English words of getting back in, and of looking at another panel. */

export const access = {
  reset: {
    action: 'Reset access',
    of: 'Reset access of {{email}}',
    text: '{{email}} gets a one-time password. Sessions end, two-step sign-in is turned off; API keys stay.',
    doneTitle: 'One-time password for {{email}}',
    once: 'It is shown only now, and valid for 24 hours. At the first sign-in a new password is chosen.',
    copyPassword: 'Copy the password',
    copyMessage: 'Copy the message',
    done: 'Done',
    message:
      'Hello! Your access to {{product}} was reset.\n\nSign in at {{address}}\nE-mail: {{email}}\nOne-time password: {{password}}\n\nIt is valid for 24 hours. At the first sign-in you choose a new password.',
  },
  customer: {
    title: 'Access to the service',
    login: 'Login',
    secret: 'Secret',
    copyLogin: 'Copy the login',
    copySecret: 'Copy the secret',
    send: 'Send the access by WhatsApp',
    copyMessage: 'Copy the message',
    message: 'Hello, {{name}}! This is your access.\n\nLogin: {{login}}\nPassword: {{secret}}',
    none: 'None yet. Reset it to make one.',
    reset: 'Reset the access',
    resetOf: 'Reset the access of {{name}}',
    resetText: 'From then on what the customer has now opens nothing. No credits are spent.',
    secretHint: 'Left empty, one is made.',
    choose: 'Choose login and secret',
    loginHint: '3 to 64 of a-z 0-9 . _ - ; left empty, one is made.',
    taken: 'This login is taken: choose another.',
    done: 'The access of {{name}} was reset.',
    status: { WAITING: 'Waiting for the server', READY: 'On air', FAILED: 'Failed' },
    retry: 'Try again',
  },
  owners: {
    title: 'Owners',
    text: 'Who may sign in to this panel as its owner. Whoever cannot get in any more gets a one-time password from you.',
    lastSignIn: 'Last sign-in {{at}}',
    never: 'Has not signed in yet',
    pending: 'Has to choose a new password',
    disabled: 'Disabled',
  },
  oneTime: {
    title: 'Choose a new password',
    text: 'You signed in with a one-time password. Choose one of your own to go on.',
    current: 'One-time password',
    submit: 'Save and go on',
    signOut: 'Sign out',
  },
  support: {
    open: 'Look at this panel',
    heading: 'Look at {{name}}',
    text: 'You see what {{name}} sees, for 30 minutes, and can change nothing. Contacts of customers are hidden. The panel is told that it is looked at, and why.',
    reason: 'Reason',
    reasonHint: 'The panel sees it.',
    needed: 'Please give a reason',
    submit: 'Look at it',
    banner: 'You are looking at {{name}}, read-only, until {{until}}.',
    leave: 'Leave',
    seen_PARENT: 'Your supplier is looking at this panel, read-only, until {{until}}.',
    seen_PLATFORM: 'The platform is looking at this panel, read-only, until {{until}}.',
    because: 'Reason: {{reason}}',
  },
} as const;

declare module '../words.ts' {
  interface Resources {
    access: typeof access;
  }
}
