/** The port of the import worker for use cases. */

export interface ImportPort {
  /** Call this when there is work, or after an import changed. It neither blocks nor throws. */
  wake(): void;
}
