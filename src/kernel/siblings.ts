/** The interface for messages between the processes that serve one port together. */

export interface Siblings {
  /** This process's number. It is higher than the numbers of all processes that started before it. */
  readonly self: number;
  /** Sends a value to every other process, in the order of the calls. A message to a process that has ended is lost. */
  broadcast(topic: string, value: unknown): void;
  /** Sends a text to one process, over a direct connection if there is one. Texts over different connections have no order. */
  sendTo(to: number, topic: string, text: string): void;
  /** Receives the messages of a topic. `from` is the sender. */
  receive(topic: string, listener: (value: unknown, from: number) => void): void;
  /** Called when another process has joined. It has received no messages yet. */
  onJoined(listener: () => void): void;
  /** Called when another process has ended. Everything that it reported is void. */
  onGone(listener: (from: number) => void): void;
  /** Called when the direct connection to a process broke, perhaps with messages in it. The indirect one still works. */
  onLost(listener: (to: number) => void): void;
  /** The metrics of all processes together, in Prometheus' text format. */
  metrics(): Promise<string>;
  /** Sets the function that returns this process's own metrics. It is called when any process is asked for `metrics`. */
  onMetrics(own: () => Promise<unknown>): void;
}
