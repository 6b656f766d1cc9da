/** What a use case may ask of the worker of imports. */

export interface ImportPort {
  /** There is something to do, or an import changed. Neither blocks nor throws. */
  wake(): void;
}
