import { expect, test } from 'vitest';
import { type Rights, watched } from '../../schema/subscriptions/watched-stream.ts';
import { NotFound } from '../../src/kernel/errors.ts';

/** Numbers on demand; ends when closed. */
class Numbers implements AsyncIterator<number> {
  closed = false;
  #waiting: ((step: IteratorResult<number, undefined>) => void) | null = null;
  readonly #ready: number[] = [];

  push(value: number): void {
    if (this.#waiting) this.#waiting({ done: false, value });
    else this.#ready.push(value);
    this.#waiting = null;
  }

  next(): Promise<IteratorResult<number, undefined>> {
    const value = this.#ready.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  return(): Promise<IteratorResult<number, undefined>> {
    this.closed = true;
    this.#waiting?.({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }
}

/** Rights whose check returns what `answer` says, and that `doubt` makes uncertain. */
function scripted(answer: () => string | Error | Promise<string | Error>) {
  const sources = new Map<string, Numbers>();
  const script = {
    sources,
    checks: 0,
    unsubscribed: false,
    doubt: () => {},
    lose: (_reason: Error) => {},
    source: (key: string): Numbers => {
      const source = sources.get(key);
      if (!source) throw new Error(`no source ${key} was opened`);
      return source;
    },
  };
  const rights: Rights<number> = {
    async check() {
      script.checks += 1;
      const key = await answer();
      if (key instanceof Error) throw key;
      return {
        key,
        open() {
          const source = new Numbers();
          sources.set(key, source);
          return source;
        },
      };
    },
    onPossibleChange(recheck) {
      script.doubt = recheck;
      return () => {
        script.unsubscribed = true;
      };
    },
    watch: () =>
      new Promise((_resolve, reject) => {
        script.lose = reject;
      }),
  };
  return { script, rights };
}

test('a refusal at the start is thrown by the start, and leaves nothing behind', async () => {
  const { script, rights } = scripted(() => new NotFound());
  await expect(watched(rights)).rejects.toThrow(NotFound);
  expect(script.unsubscribed).toBe(true);
});

test('an unfounded doubt changes nothing', async () => {
  const { script, rights } = scripted(() => 'a');
  const stream = await watched(rights);
  script.doubt();
  script.source('a').push(1);
  expect(await stream.next()).toEqual({ done: false, value: 1 });
  expect(script.sources.size).toBe(1);
});

test('a justified doubt ends the stream with its refusal, even while it waits, and closes the source', async () => {
  let answer: string | Error = 'a';
  const { script, rights } = scripted(() => answer);
  const stream = await watched(rights);
  const waiting = stream.next();
  answer = new NotFound();
  script.doubt();
  await expect(waiting).rejects.toThrow(NotFound);
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  expect(script.source('a').closed).toBe(true);
  expect(script.unsubscribed).toBe(true);
});

test('a refusal between two calls of next is thrown by the next call', async () => {
  const { script, rights } = scripted(() => 'a');
  const stream = await watched(rights);
  script.lose(new NotFound());
  await expect(stream.next()).rejects.toThrow(NotFound);
  expect((await stream.next()).done).toBe(true);
});

test('another place in the tree replaces the source under a waiting stream', async () => {
  let answer = 'a';
  const { script, rights } = scripted(() => answer);
  const stream = await watched(rights);
  const waiting = stream.next();
  answer = 'b';
  script.doubt();
  await expect.poll(() => script.sources.has('b')).toBe(true);
  script.source('b').push(2);
  expect(await waiting).toEqual({ done: false, value: 2 });
  expect(script.source('a').closed).toBe(true);
});

test('a failed check is repeated, and events continue meanwhile', async () => {
  const answers: (string | Error)[] = ['a', new Error('the database is restarting'), new Error('still'), new NotFound()];
  const { script, rights } = scripted(() => answers.shift() ?? 'a');
  const stream = await watched(rights);
  script.doubt();
  script.source('a').push(1);
  expect(await stream.next()).toEqual({ done: false, value: 1 });
  await expect(stream.next()).rejects.toThrow(NotFound);
  expect(script.checks).toBe(4);
});

test('a doubt that arises during a check is examined after it', async () => {
  const checks: ((answer: string | Error) => void)[] = [];
  const { script, rights } = scripted(() => new Promise((resolve) => checks.push(resolve)));
  const starting = watched(rights);
  await expect.poll(() => checks.length).toBe(1);
  script.doubt();
  script.doubt();
  checks[0]?.('a');
  const stream = await starting;
  await expect.poll(() => checks.length).toBe(2);
  checks[1]?.(new NotFound());
  await expect(stream.next()).rejects.toThrow(NotFound);
  expect(script.checks).toBe(2);
});

test('closing ends a waiting stream, its source and its listener for doubts', async () => {
  const { script, rights } = scripted(() => 'a');
  const stream = await watched(rights);
  const waiting = stream.next();
  await stream.return?.();
  expect((await waiting).done).toBe(true);
  expect(script.source('a').closed).toBe(true);
  expect(script.unsubscribed).toBe(true);
});
