/** What processes that serve one port together tell each other. */

export interface Siblings {
  /** What the others know this one by: higher than that of any that was there before. */
  readonly self: number;
  /** To every other one, in the order of the calls; what is not heard because one has ended is lost. */
  tell(topic: string, value: unknown): void;
  /** A text, to one of them: the short way, where there is one. Two texts that go different ways have no order. */
  tellOne(to: number, topic: string, text: string): void;
  /** `from` names who told it. */
  hear(topic: string, listener: (value: unknown, from: number) => void): void;
  /** One more is there, which has heard nothing yet. */
  onJoined(listener: () => void): void;
  /** One is gone, with all that it told. */
  onGone(listener: (from: number) => void): void;
  /** The short way to one is lost, and perhaps what was told to it; the long way is still there. */
  onLost(listener: (to: number) => void): void;
  /** The metrics of all together, in Prometheus' text format. `own`: this one's, whenever one of them is asked. */
  metrics(): Promise<string>;
  onMetrics(own: () => Promise<unknown>): void;
}
