/** Turns a subscription's events into results, one each and in order. */

import { Stream } from '../../kernel/stream.ts';
import type { EventText } from '../websocket/frame.ts';
import type { EventContexts, OperationRequest } from './operation.ts';
import { Rejection } from './rejection.ts';
import type { Answer } from './shared-results.ts';

export interface AnswerPorts {
  /** `requestKey` is a key of everything else that an answer depends on: the variables and the viewer's rights. */
  answer(event: unknown, request: OperationRequest, requestKey: string, contexts: EventContexts): Answer | Promise<Answer>;
  reject(error: unknown, requestId: string): Rejection;
}

/** A subscription's answers, one for each event, in order. Throws a Rejection when the source throws, or when an answer is one. */
export class Answers extends Stream<EventText> {
  readonly #ports: AnswerPorts;
  readonly #source: Stream<unknown>;
  readonly #request: OperationRequest;
  readonly #contexts: EventContexts;
  #rights: string | null = null;
  #requestKey = '';
  #isWaiting = false;
  /** The answer that was awaited. */
  #late: Answer | null = null;
  #isOver = false;

  constructor(ports: AnswerPorts, source: Stream<unknown>, request: OperationRequest, contexts: EventContexts) {
    super();
    this.#ports = ports;
    this.#source = source;
    this.#request = request;
    this.#contexts = contexts;
    source.reader = this;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  take(): EventText | undefined {
    if (this.#isOver || this.#isWaiting) return undefined;
    try {
      const answer = this.#late ?? this.#next();
      this.#late = null;
      if (answer instanceof Rejection) throw answer;
      if (answer === undefined && !this.#isWaiting && this.#source.isOver) this.close();
      return answer;
    } catch (error) {
      this.close();
      throw this.#ports.reject(error, this.#request.requestId);
    }
  }

  /** Called when the source has more. */
  ready(): void {
    this.reader?.ready();
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#late = null;
    this.#source.close();
    this.reader?.ready();
  }

  #next(): Answer | undefined {
    const event = this.#source.take();
    if (event === undefined) return undefined;
    const answer = this.#ports.answer(event, this.#request, this.#currentKey(), this.#contexts);
    if (!(answer instanceof Promise)) return answer;
    void this.#wait(answer);
    return undefined;
  }

  async #wait(answer: Promise<Answer>): Promise<void> {
    this.#isWaiting = true;
    const late = await answer.catch((error: unknown) => this.#ports.reject(error, this.#request.requestId));
    this.#isWaiting = false;
    if (!this.#isOver) this.#late = late;
    this.reader?.ready();
  }

  #currentKey(): string {
    const rights = this.#contexts.rights();
    if (rights !== this.#rights) {
      this.#rights = rights;
      const variables = JSON.stringify(this.#request.variables);
      this.#requestKey = variables === '{}' ? rights : [rights, variables].join(' ');
    }
    return this.#requestKey;
  }
}
