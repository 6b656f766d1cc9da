/** Reads the lists of Accept and Accept-Encoding, whose members have weights (RFC 9110, 12.4.2). */

export interface Weighted {
  /** In lower case, without parameters. */
  readonly value: string;
  readonly parameters: readonly string[];
  /** 0 means not acceptable. */
  readonly weight: number;
}

const WEIGHT = /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/;

/** The members in their order. A missing or invalid weight counts as 1. */
export function weighted(header: string): readonly Weighted[] {
  return header
    .toLowerCase()
    .split(',')
    .flatMap((part) => {
      const [value = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      if (value === '') return [];
      const weight = parameters.map((parameter) => WEIGHT.exec(parameter)?.[1]).find((found) => found !== undefined);
      return [{ value, parameters: parameters.filter((parameter) => !parameter.startsWith('q=')), weight: Number(weight ?? 1) }];
    });
}
