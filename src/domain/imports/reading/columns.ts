/** Which column of a file is which field, by the headings that exports have. */

import { folded } from '../../customer/search-key.ts';

/** What a column may be taken for. `parent`: whose panel or customer the row is. */
export const FIELDS = [
  ...(['kind', 'externalId', 'login', 'secret', 'email', 'name', 'parent', 'credits'] as const),
  ...(['expiresAt', 'screens', 'nextScreens', 'laterScreens', 'contact', 'whatsapp', 'telegram', 'notes', 'status', 'trial'] as const),
  ...(['root', 'closedAt'] as const),
] as const;
export type Field = (typeof FIELDS)[number];

/** A file is of panels or of customers, or says it of each row. */
export type Kind = 'RESELLER' | 'CUSTOMER';

export interface Column {
  /** As the file has it. */
  readonly heading: string;
  /** null: it is not taken over. */
  readonly field: Field | null;
}

/** Headings without case, accents and what stands between words. */
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

/** What only a statement has, which is what happened and not what there is. */
const STATEMENTS = [
  ['version', 'counterparty', 'balance'],
  ['numero', 'com', 'saldo'],
  ['number', 'with', 'balance'],
];

function headingKey(heading: string): string {
  return folded(heading).replace(/[^a-z0-9]+/g, '');
}

/** What somebody decided about a column, by its heading as the file has it. */
export type Assigned = ReadonlyMap<string, Field | null>;

/** Each field at most once: of two columns for one, the first that has its best name. */
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

/** What the rows are where none of them says it; or why nobody can tell. */
export function kindOf(columns: readonly Column[]): { readonly kind: Kind | null } | { readonly failure: string } {
  const keys = new Set(columns.map(({ heading }) => headingKey(heading)));
  if (STATEMENTS.some((statement) => statement.every((key) => keys.has(key)))) {
    return { failure: 'This is a statement, which says what happened. Import the list of customers or of panels instead.' };
  }
  const fields = new Set(columns.map(({ field }) => field));
  if (fields.has('kind')) return { kind: null };
  if (fields.has('expiresAt')) return { kind: 'CUSTOMER' };
  if (fields.has('credits')) return { kind: 'RESELLER' };
  return {
    failure:
      'No column says when a service ends (as expiry_date) or what a panel holds (as credits). The first line must have the names of the columns.',
  };
}
