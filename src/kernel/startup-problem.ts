/** Why the server cannot start, in one line for the operator. Printed without a stack; never contains a secret. */
export class StartupProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupProblem';
  }
}
