/** Calls any mutation by its name: makes the document from the schema, and the types of the input and of the answer. */

import {
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { schema } from '../../../schema/index.ts';
import { POLICY_FIELDS } from '../../../src/kernel/policy.ts';
import { uuidv7 } from '../../../src/kernel/uuid.ts';
import type { Mutation, MutationInputs } from '../gql/schema.ts';

/** The fields to select from each type in an answer. Fields of any other type are not selected. */
const SELECTED = {
  Account: 'id balance debt locked version',
  ApiKey: 'id prefix scope expiresAt revokedAt',
  CreditPackage: 'id quantity unitPriceMinor totalMinor currency',
  Customer: 'id name contact notes status screens nextScreens screensChangeAt spans expiresAt creditsSpent createdAt',
  CustomerPayment: 'id status planName priceMinor currency periods screens paidAt reference customer appliedBy',
  Error: 'code',
  FieldError: 'path message',
  Import: 'id status hash rows validRows knownRows progress separator encoding timeZone fileName committedBy columns totals proof sample',
  ImportColumn: 'heading field',
  ImportInvitation: 'resellerId resellerName email token expiresAt',
  ImportProblem: 'line column message',
  ImportTotals: 'resellers customers credits screenDays screens activeCustomers canceledCustomers expiredCustomers trialCustomers',
  ImportedRow: 'line name parent known',
  PaymentProviderSettings: 'provider enabled webhookPath pixKey merchantName merchantCity',
  Plan: 'id name periods screens priceMinor currency',
  Purchase: `id number status provider quantity totalMinor currency reference paymentInstructions returnedMinor settledAt createdAt expiresAt buyer seller transfer`,
  ReminderRule: 'daysFromEnd trialHours hour channel template',
  Reseller: 'id name status statusReason',
  ScreenSpan: 'screens endsAt',
  TenantPolicy: POLICY_FIELDS,
  Transfer: 'id kind amount memo createdAt',
  User: 'id email role disabled totpEnabled',
} as const;

type Selected = typeof SELECTED;
type Words<Text> = Text extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : Text;
type Listed<Name extends keyof Selected> = Selected[Name] extends readonly (infer Field)[] ? Field : Words<Selected[Name]>;
type Scalar = string | number | boolean | null | undefined;
type Named<T> = T extends readonly (infer Item)[] ? Named<Item> : NonNullable<T>;
type Names<Types> = Types extends { readonly __typename: infer Name } ? Name : 'Error';

/**
 * The fields to select from a payload or an error. An error's panel is left out: it may be another's, and null where
 * a payload's is not.
 */
type Outer<Type> = { [Field in keyof Type]: IsSelected<Type, Field> extends true ? Field : never }[keyof Type];
type IsSelected<Type, Field extends keyof Type> =
  Named<Type[Field]> extends string | number | boolean
    ? true
    : Names<Type> extends `${string}Error`
      ? Field extends 'fields' | 'cause'
        ? true
        : false
      : Names<Named<Type[Field]>> extends keyof Selected | `${string}Payload` | `${string}Error`
        ? true
        : false;

type Fields<Type> =
  Names<Type> extends infer Name ? (Name extends keyof Selected ? Extract<Listed<Name>, keyof Type> : Outer<Type>) : never;

/** The part of a schema type that is selected. */
export type Seen<T> =
  | Extract<T, Scalar>
  | (T extends readonly (infer Item)[] ? readonly Seen<Item>[] : never)
  | Merged<T extends Scalar | readonly unknown[] ? never : { readonly [Field in Fields<T>]: Seen<T[Field]> }>;

type Every<Types> = Types extends unknown ? keyof Types : never;
/** Merges the members of a union into one type, in which a field that only some members have is optional. */
type Merged<Types> = [Types] extends [never]
  ? never
  : { readonly [Field in Extract<keyof Types, string>]: Types[Field] } & {
      readonly [Field in Exclude<Extract<Every<Types>, string>, keyof Types>]?: Types extends unknown
        ? Field extends keyof Types
          ? Types[Field]
          : never
        : never;
    };

export type MutationName = keyof MutationInputs;
type WithoutKey<Input> = Input extends unknown ? Omit<Input, 'idempotencyKey'> & { readonly idempotencyKey?: string } : never;
/** A mutation's input. The idempotency key is optional: a new one is added where the mutation requires it. */
export type Given<Name extends MutationName> = WithoutKey<MutationInputs[Name]>;
/** The selected part of a mutation's answer, of whichever type. Tests check `__typename`, or whether a field is there. */
export type Answered<Name extends MutationName> = Seen<Mutation[Name]>;

const LISTS: Readonly<Record<string, string | readonly string[] | undefined>> = SELECTED;
const OF_ERRORS: readonly string[] = ['fields', 'cause'];

interface Document {
  readonly query: string;
  readonly needsKey: boolean;
}

const written = new Map<MutationName, Document>();

/** Returns the document and the variables of the mutation with this input. The answer has the alias `done`. */
export function requestOf<Name extends MutationName>(
  name: Name,
  input: Given<Name>,
): { readonly query: string; readonly variables: object } {
  const document = written.get(name) ?? write(name);
  written.set(name, document);
  return { query: document.query, variables: { input: document.needsKey ? { idempotencyKey: uuidv7(), ...input } : input } };
}

function write(name: MutationName): Document {
  const field = schema.getMutationType()?.getFields()[name];
  const input = field?.args.find((argument) => argument.name === 'input')?.type;
  const type = getNamedType(input);
  if (!field || !isInputObjectType(type)) throw new Error(`there is no mutation ${name} with an input`);
  const query = `mutation ($input: ${input}) { done: ${name}(input: $input) ${selectionOf(getNamedType(field.type))} }`;
  const key = type.getFields().idempotencyKey;
  return { query, needsKey: key !== undefined && isNonNullType(key.type) };
}

/** The selection of a type, in braces. */
function selectionNamed(name: keyof Selected): string {
  const type = schema.getType(name);
  return (type && selectionOf(type)) ?? '';
}

/** Appends the fragments that a document spreads: `...Purchase` selects the usual fields of a Purchase. */
export function withFragments(document: string): string {
  const names = new Set([...document.matchAll(/\.\.\.([A-Z]\w*)/g)].map(([, name]) => name as keyof Selected));
  return [document, ...[...names].map((name) => `fragment ${name} on ${name} ${selectionNamed(name)}`)].join(' ');
}

/** Returns '' for a leaf type, and null for a type that is not selected. */
function selectionOf(type: GraphQLNamedType): string | null {
  if (isLeafType(type)) return '';
  if (isUnionType(type)) {
    const members = type.getTypes().map((member) => `... on ${member.name} ${selectionOf(member)}`);
    return `{ __typename ${members.join(' ')} }`;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return null;
  const list = LISTS[type.name];
  const kind = isInterfaceType(type) ? '__typename ' : '';
  if (list !== undefined) return `{ ${kind}${listed(type, typeof list === 'string' ? list.split(' ') : list)} }`;
  if (type.name.endsWith('Payload')) return `{ __typename ${listed(type, Object.keys(type.getFields()))} }`;
  if (!type.name.endsWith('Error')) return null;
  const fields = Object.values(type.getFields()).filter((field) => isLeafType(getNamedType(field.type)) || OF_ERRORS.includes(field.name));
  return `{ __typename ${listed(
    type,
    fields.map(({ name }) => name),
  )} }`;
}

/** Writes these fields, each with the selection of its type. */
function listed(type: GraphQLObjectType | GraphQLInterfaceType, names: readonly string[]): string {
  const fields = names.flatMap((name) => {
    const field = type.getFields()[name];
    if (!field) throw new Error(`${type.name} has no field ${name}`);
    const selection = selectionOf(getNamedType(field.type));
    return selection === null ? [] : [`${name} ${selection}`];
  });
  return fields.join(' ');
}

/** Returns the code of a refusal, or the payload's type. */
export function outcomeOf({ __typename, code }: { readonly __typename: string; readonly code?: string }): string {
  return code ?? __typename;
}
