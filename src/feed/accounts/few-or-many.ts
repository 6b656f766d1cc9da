/** A set that is one or nothing most of the time, and then costs a field: thousands of accounts have one subscriber each. */
export class FewOrMany<T extends object> {
  #only: T | null = null;
  #many: Set<T> | null = null;

  get size(): number {
    if (this.#many !== null) return this.#many.size;
    return this.#only === null ? 0 : 1;
  }

  add(one: T): void {
    if (this.#many !== null) this.#many.add(one);
    else if (this.#only === null) this.#only = one;
    else if (this.#only !== one) {
      this.#many = new Set([this.#only, one]);
      this.#only = null;
    }
  }

  /** Answers whether it was there. */
  delete(one: T): boolean {
    if (this.#many !== null) return this.#many.delete(one);
    if (this.#only !== one) return false;
    this.#only = null;
    return true;
  }

  forEach(visit: (one: T) => void): void {
    if (this.#many !== null) for (const one of this.#many) visit(one);
    else if (this.#only !== null) visit(this.#only);
  }
}
