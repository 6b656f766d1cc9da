/** English texts of access resets and support sessions. */

export const access = {
  reset: {
    action: 'Reset access',
    of: 'Reset access of {{email}}',
    text: '{{email}} gets a one-time password. All sessions end and two-step verification is turned off. API keys stay valid.',
    doneTitle: 'One-time password for {{email}}',
    once: 'It is shown only once and is valid for 24 hours. The user must choose a new password at the first sign-in.',
    copyPassword: 'Copy the password',
    copyMessage: 'Copy the message',
    done: 'Done',
    message:
      'Hello! Your {{product}} access was reset.\n\nSign in at {{address}}\nE-mail: {{email}}\nOne-time password: {{password}}\n\nIt is valid for 24 hours. At the first sign-in you choose a new password.',
  },
  customer: {
    title: 'Access to the service',
    login: 'Login',
    secret: 'Password',
    copyLogin: 'Copy the login',
    copySecret: 'Copy the password',
    send: 'Send access by WhatsApp',
    copyMessage: 'Copy the message',
    message: 'Hello, {{name}}! This is your access.\n\nLogin: {{login}}\nPassword: {{secret}}',
    none: 'None yet. Reset the access to create one.',
    reset: 'Reset access',
    resetOf: 'Reset access of {{name}}',
    resetText: "The customer's current access stops working. No credits are spent.",
    secretHint: 'Leave empty to generate one.',
    choose: 'Choose login and password',
    loginHint: '3 to 64 characters: a-z 0-9 . _ - (leave empty to generate one)',
    taken: 'This login is already in use. Choose another.',
    done: 'The access of {{name}} was reset.',
    status: { WAITING: 'Waiting for the server', READY: 'Ready', FAILED: 'Failed' },
    retry: 'Try again',
  },
  owners: {
    title: 'Owners',
    text: 'The users who sign in to this panel as owners. If one of them cannot get in, give them a one-time password.',
    lastSignIn: 'Last sign-in {{at}}',
    never: 'Has not signed in yet',
    pending: 'Must choose a new password',
    disabled: 'Disabled',
  },
  oneTime: {
    title: 'Choose a new password',
    text: 'You signed in with a one-time password. Choose your own to continue.',
    current: 'One-time password',
    submit: 'Save and continue',
    signOut: 'Sign out',
  },
  support: {
    open: 'View this panel',
    heading: 'View {{name}}',
    text: 'For 30 minutes you see what {{name}} sees, but cannot change anything. Customer contacts are hidden. The panel is notified of your visit and the reason.',
    reason: 'Reason',
    reasonHint: 'Shown to the panel.',
    needed: 'Please give a reason',
    submit: 'View panel',
    banner: 'You are viewing {{name}}, read-only, until {{until}}.',
    leave: 'Leave',
    seen_PARENT: 'Your supplier is viewing this panel, read-only, until {{until}}.',
    seen_PLATFORM: 'The platform is viewing this panel, read-only, until {{until}}.',
    because: 'Reason: {{reason}}',
  },
} as const;

declare module '../words.ts' {
  interface Resources {
    access: typeof access;
  }
}
