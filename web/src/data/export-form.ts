/** The language, time zone and separator of a downloaded table. */

export interface ExportReader {
  readonly language: string;
  readonly timeZone: string;
}

/** Parameters of /export/*.csv: the screen's language and time zone, and the separator that spreadsheets expect in that language. */
export function exportForm({ language, timeZone }: ExportReader): Record<string, string> {
  return { separator: language === 'pt-BR' ? ';' : ',', language, timeZone };
}
