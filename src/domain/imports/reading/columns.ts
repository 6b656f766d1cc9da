/** Recognizes the fields of a file's columns by their headings. */

import { folded } from '../../customer/search-key.ts';

/** The fields that a column can have. `parent` names the panel above the row's panel, or the panel of the row's customer. */
export const FIELDS = [
  ...(['kind', 'externalId', 'login', 'secret', 'email', 'name', 'parent', 'credits'] as const),
  ...(['expiresAt', 'screens', 'nextScreens', 'laterScreens', 'contact', 'whatsapp', 'telegram', 'notes', 'status', 'trial'] as const),
  ...(['root', 'closedAt'] as const),
] as const;
export type Field = (typeof FIELDS)[number];

/** A file has panels, or customers, or a column that says it for each row. */
export type Kind = 'RESELLER' | 'CUSTOMER';

export interface Column {
  /** The heading as it is in the file. */
  readonly heading: string;
  /** null if the column is ignored. */
  readonly field: Field | null;
}

/** Known headings, in lower case, without accents and separators. */
const HEADINGS: Readonly<Record<Field, readonly string[]>> = {
  kind: ['kind', 'recordtype', 'registro'],
  externalId: ['id', 'externalid', 'codigo', 'userid', 'lineid', 'customerid', 'resellerid'],
  login: ['login', 'username', 'user', 'usuario'],
  secret: ['secret', 'password', 'senha', 'pass'],
  email: ['email', 'mail', 'correio'],
  name: ['name', 'nome', 'fullname', 'cliente', 'customername', 'displayname', 'nomecompleto'],
  parent: ['parent', 'parentid', 'owner', 'ownerid', 'memberid', 'reseller', 'resellername', 'revenda', 'revendedor', 'dono', 'superior'],
  credits: ['credits', 'credit', 'creditos', 'credito', 'balance', 'saldo'],
  expiresAt: [
    ...['expiresat', 'expires', 'expirydate', 'expiry', 'expdate', 'expiration', 'expirationdate', 'expira', 'expiraem'],
    ...['vencimento', 'datadevencimento', 'datavencimento', 'validade', 'venceem'],
  ],
  screens: ['screens', 'connections', 'maxconnections', 'maxcons', 'telas', 'conexoes', 'limitedeconexoes'],
  nextScreens: ['nextscreens', 'telasnaproximarenovacao', 'screensfromthenextrenewal'],
  laterScreens: ['laterscreens', 'telasdepois'],
  contact: ['contact', 'contato'],
  whatsapp: ['whatsapp', 'phone', 'phonenumber', 'telefone', 'celular', 'fone', 'zap'],
  telegram: ['telegram'],
  notes: ['notes', 'note', 'adminnotes', 'resellernotes', 'observacoes', 'observacao', 'obs', 'anotacoes'],
  status: ['status', 'situacao', 'estado'],
  trial: ['istrial', 'trial', 'teste'],
  root: ['isroot', 'root', 'raiz'],
  closedAt: ['closedat', 'closed', 'encerradoem'],
};

const FIELD_OF = new Map(FIELDS.flatMap((field) => HEADINGS[field].map((heading) => [heading, field] as const)));

/** Headings that only a statement has. A statement lists movements, so it cannot be imported. */
const STATEMENTS = [
  ['version', 'counterparty', 'balance'],
  ['numero', 'com', 'saldo'],
  ['number', 'with', 'balance'],
];

function headingKey(heading: string): string {
  return folded(heading).replace(/[^a-z0-9]+/g, '');
}

/** The fields that a person assigned to columns, by their headings in the file. */
export type Assigned = ReadonlyMap<string, Field | null>;

/** Assigns each field to one column at most. If two columns fit a field, the first one gets it. */
export function columnsOf(headings: readonly string[], assigned: Assigned): Column[] {
  const taken = new Set([...assigned.values()].filter((field) => field !== null));
  return headings.map((heading) => {
    const given = assigned.get(heading);
    if (given !== undefined) return { heading, field: given };
    const field = FIELD_OF.get(headingKey(heading)) ?? null;
    if (field === null || taken.has(field)) return { heading, field: null };
    taken.add(field);
    return { heading, field };
  });
}

/** The kind of all rows; null if each row says it. Returns a failure if the kind cannot be recognized. */
export function kindOf(columns: readonly Column[]): { readonly kind: Kind | null } | { readonly failure: string } {
  const keys = new Set(columns.map(({ heading }) => headingKey(heading)));
  if (STATEMENTS.some((statement) => statement.every((key) => keys.has(key)))) {
    return { failure: 'This is a statement, which lists movements. Import the list of customers or of panels instead.' };
  }
  const fields = new Set(columns.map(({ field }) => field));
  if (fields.has('kind')) return { kind: null };
  if (fields.has('expiresAt')) return { kind: 'CUSTOMER' };
  if (fields.has('credits')) return { kind: 'RESELLER' };
  return {
    failure:
      'No column says when a service ends (for example expiry_date) or how many credits a panel has (for example credits). The first line must have the names of the columns.',
  };
}
