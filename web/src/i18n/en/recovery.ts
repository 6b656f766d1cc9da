/** English texts of password recovery by e-mail. */

export const recovery = {
  back: 'Back to sign-in',
  forgot: {
    title: 'Forgot your password?',
    text: 'We will e-mail you a link. It works once and expires in 30 minutes.',
    submit: 'Send the link',
    noAddress: 'Please enter your e-mail',
    sentTitle: 'Check your e-mail',
    sent: 'If {{email}} has an account here, a link is on its way. It may take a minute. Check your spam folder too.',
  },
  reset: {
    title: 'Choose a new password',
    text: 'All devices signed in to your account will be signed out.',
    newPassword: 'New password',
    hint: '10 characters or more',
    again: 'Repeat the password',
    notTheSame: 'The passwords do not match',
    submit: 'Set the password',
    toSignIn: 'Sign in',
    doneTitle: 'Your password was changed',
    done: 'Sign in with the new one.',
    worthlessTitle: 'This link does not work',
    worthless: 'It was already used or has expired. Ask the sender for a new one, or use “Forgot your password?” on the sign-in page.',
  },
};

declare module '../words.ts' {
  interface Resources {
    recovery: typeof recovery;
  }
}
