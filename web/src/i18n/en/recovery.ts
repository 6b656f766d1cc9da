/** English words of getting back in by mail. */

export const recovery = {
  back: 'Back to sign-in',
  forgot: {
    title: 'Forgot your password?',
    text: 'We send you a link by e-mail. It works once, for 30 minutes.',
    submit: 'Send the link',
    noAddress: 'Please fill in your e-mail',
    sentTitle: 'Look at your mail',
    sent: 'If {{email}} signs in here, a link is on its way. It may take a minute; look among the junk mail, too.',
  },
  reset: {
    title: 'Choose a new password',
    text: 'Everything that is signed in to your account will be signed out.',
    newPassword: 'New password',
    hint: '10 characters or more',
    again: 'The same again',
    notTheSame: 'The two are not the same',
    submit: 'Set the password',
    toSignIn: 'Sign in',
    doneTitle: 'Your password was changed',
    done: 'Sign in with the new one.',
    worthlessTitle: 'This link does not work',
    worthless: 'It was used, or its time is over. Ask whoever sent it for a new one, or: sign in, “Forgot your password?”.',
  },
};

declare module '../words.ts' {
  interface Resources {
    recovery: typeof recovery;
  }
}
