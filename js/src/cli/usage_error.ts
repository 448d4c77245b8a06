/** The command was used wrongly: exit code 2. `hint` says what would be right. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
