/** How a downloaded table is written for the person who reads it. */

export interface ExportReader {
  readonly language: string;
  readonly timeZone: string;
}

/** Parameters of /export/*.csv: the screen's words and clock, and the separator that spreadsheets of the language expect. */
export function exportForm({ language, timeZone }: ExportReader): Record<string, string> {
  return { separator: language === 'pt-BR' ? ';' : ',', language, timeZone };
}
