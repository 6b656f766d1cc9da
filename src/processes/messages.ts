/** What the first process and its children send each other. */

/** What a child cannot read from its environment: the database may be the embedded one. */
export interface Task {
  readonly url: string;
  /** In base64. */
  readonly secretsKeys: readonly string[];
  /** One child makes the first users, before the others start. */
  readonly isFirst: boolean;
}

export type ToChild =
  | { readonly kind: 'start'; readonly task: Task }
  /** All of them serve: say where. */
  | { readonly kind: 'announce' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'told'; readonly topic: string; readonly value: unknown; readonly from: number }
  | { readonly kind: 'joined' }
  | { readonly kind: 'gone'; readonly from: number }
  /** With it comes a socket whose other end that one has. */
  | { readonly kind: 'line'; readonly with: number }
  | { readonly kind: 'give metrics'; readonly question: number }
  | { readonly kind: 'metrics of all'; readonly question: number; readonly text: string };

export type ToFirst =
  | { readonly kind: 'ready' }
  | { readonly kind: 'serving' }
  /** `to`: one of the others; all of them when absent. */
  | { readonly kind: 'tell'; readonly topic: string; readonly value: unknown; readonly to?: number }
  | { readonly kind: 'ask metrics'; readonly question: number }
  | { readonly kind: 'metrics'; readonly question: number; readonly json: unknown };

/** A start that failed in a child, which has said why. */
export class ToldAlready extends Error {}
