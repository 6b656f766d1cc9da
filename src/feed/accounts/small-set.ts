/** A set that mostly has at most one member, and then costs only a field: thousands of accounts have one subscriber each. */
export class SmallSet<T extends object> {
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

  /** Returns whether it was a member. */
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
