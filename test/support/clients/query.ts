/** Infers the type of a document's data from the document's text and the types of the schema. */

import type { Mutation, NamedTypes, Query, Subscription } from '../gql/schema.ts';
import type { Seen } from './mutation.ts';

/** Replaces every occurrence of one string by another. */
type Exchanged<
  Text extends string,
  From extends string,
  To extends string,
  Done extends string = '',
> = Text extends `${infer Head}${From}${infer Tail}` ? Exchanged<Tail, From, To, `${Done}${Head}${To}`> : `${Done}${Text}`;

/** Removes the arguments of fields and the variables of the operation. */
type Bare<Text extends string, Done extends string = ''> = Text extends `${infer Head}(${string})${infer Tail}`
  ? Bare<Tail, `${Done}${Head}`>
  : `${Done}${Text}`;

type Words<Text extends string, Done extends readonly string[] = []> = Text extends `${infer Head} ${infer Tail}`
  ? Words<Tail, Head extends '' ? Done : [...Done, Head]>
  : Text extends ''
    ? Done
    : [...Done, Text];

type Tokens<Text extends string> = Words<Exchanged<Exchanged<Exchanged<Bare<Text>, '\n', ' '>, '{', ' { '>, '}', ' } '>>;

/** The type of a field in whichever members of a union have it. */
type FieldIn<Types, Name> = Types extends unknown ? (Name extends keyof Types ? Types[Name] : never) : never;
/** A field that no member has is unknown, so that a test cannot read it. */
type FieldOf<Types, Name> = [FieldIn<Types, Name>] extends [never] ? unknown : FieldIn<Types, Name>;
/** The type behind a field, without lists and null. */
type Target<Field> = Field extends null ? never : Field extends readonly (infer Item)[] ? Target<Item> : Field;
/** Puts the selected type into the lists that the field has. */
type Wrapped<Field, Chosen> = NonNullable<Field> extends readonly (infer Item)[] ? readonly Wrapped<Item, Chosen>[] : Chosen;
type Flat<Chosen> = { readonly [Name in keyof Chosen]: Chosen[Name] };

/** The selection up to its closing brace, and the tokens after it. */
type Selection<Type, Rest, Done = unknown> = Rest extends ['}', ...infer After]
  ? [Flat<Done>, After]
  : Rest extends ['...', 'on', infer Name, '{', ...infer Inner]
    ? Selection<Name extends keyof NamedTypes ? NamedTypes[Name] : never, Inner> extends [infer Chosen, infer After]
      ? Selection<Type, After, Done & Chosen>
      : never
    : Rest extends [`...${infer Name}`, ...infer After]
      ? Selection<Type, After, Done & (Name extends keyof NamedTypes ? Seen<NamedTypes[Name]> : never)>
      : Rest extends [`${infer Alias}:`, infer Name, ...infer After]
        ? Selected<Type, Alias, Name, After, Done>
        : Rest extends [infer Name, ...infer After]
          ? Selected<Type, Name, Name, After, Done>
          : never;

type Selected<Type, Alias, Name, Rest, Done> = Rest extends ['{', ...infer Inner]
  ? Selection<Target<FieldOf<Type, Name>>, Inner> extends [infer Chosen, infer After]
    ? Selection<Type, After, Done & { readonly [Key in Alias & string]: Wrapped<FieldOf<Type, Name>, Chosen> }>
    : never
  : Selection<Type, Rest, Done & { readonly [Key in Alias & string]: FieldOf<Type, Name> }>;

type Root<Kind> = Kind extends 'mutation' ? Mutation : Kind extends 'subscription' ? Subscription : Query;

type Operation<Words> = Words extends ['{', ...infer Rest]
  ? Selection<Query, Rest>
  : Words extends [infer Kind, '{', ...infer Rest]
    ? Selection<Root<Kind>, Rest>
    : never;

/**
 * The data of a document that has no errors. Objects on the way to other fields count as present, and so do fields
 * selected on one of several types: a test that reads through a missing object fails.
 */
export type DataOf<Text extends string> = Operation<Tokens<Text>> extends [infer Data, unknown] ? Data : unknown;
