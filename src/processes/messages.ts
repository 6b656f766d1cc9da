/** The messages between the first process and its children. */

/** What a child cannot read from its environment, because the database may be the embedded one. */
export interface Task {
  readonly url: string;
  /** In base64. */
  readonly secretsKeys: readonly string[];
  /** One child creates the first users, before the others start. */
  readonly isFirst: boolean;
}

export type ToChild =
  | { readonly kind: 'start'; readonly task: Task }
  /** All children serve: print the address. */
  | { readonly kind: 'announce' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'told'; readonly topic: string; readonly value: unknown; readonly from: number }
  | { readonly kind: 'joined' }
  | { readonly kind: 'gone'; readonly from: number }
  /** Arrives with a socket whose other end the child `with` has. */
  | { readonly kind: 'line'; readonly with: number }
  | { readonly kind: 'give metrics'; readonly question: number }
  | { readonly kind: 'metrics of all'; readonly question: number; readonly text: string };

export type ToFirst =
  | { readonly kind: 'ready' }
  | { readonly kind: 'serving' }
  /** `to` is one of the other children; absent: all of them. */
  | { readonly kind: 'tell'; readonly topic: string; readonly value: unknown; readonly to?: number }
  | { readonly kind: 'ask metrics'; readonly question: number }
  | { readonly kind: 'metrics'; readonly question: number; readonly json: unknown };

/** A start failed in a child, which has already printed the reason. */
export class AlreadyReported extends Error {}
