/** Why the server cannot start, in one line for whoever starts it. Printed without a stack; never holds a secret. */
export class StartupProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupProblem';
  }
}
