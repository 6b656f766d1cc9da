/** Records which screens need the person's attention; the navigation marks them. */

export type Place = '/customers' | '/settings';

export class Attention {
  readonly #watchers = new Set<() => void>();
  readonly #places = new Set<Place>();

  isNeededAt = (place: Place): boolean => this.#places.has(place);

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  set(place: Place, isNeeded: boolean): void {
    if (isNeeded === this.#places.has(place)) return;
    if (isNeeded) this.#places.add(place);
    else this.#places.delete(place);
    for (const watcher of this.#watchers) watcher();
  }
}
