/** The sound when a buyer reports a sale as paid. The browser generates it, so there is no file to fetch. */

/** Stored on this device, not in the account: the person at the device decides. */
const KEPT_AS = 'revenda-sale-sound';
const OFF = 'off';

/** Two short notes, the second higher: hertz and seconds. */
const NOTES = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.14 },
] as const;
const NOTE_SECONDS = 0.22;
const LOUDNESS = 0.2;

let context: AudioContext | null = null;

export function isSoundOn(): boolean {
  return localStorage.getItem(KEPT_AS) !== OFF;
}

export function setSound(isOn: boolean): void {
  if (isOn) localStorage.removeItem(KEPT_AS);
  else localStorage.setItem(KEPT_AS, OFF);
}

/** Silent if the sound is turned off. Browsers also allow no sound before the person has used the page. */
export function playAlert(): void {
  if (!isSoundOn()) return;
  context ??= new AudioContext();
  const { currentTime, destination } = context;
  context.resume().catch(() => {});
  for (const { at, hertz } of NOTES) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const startAt = currentTime + at;
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(LOUDNESS, startAt);
    gain.gain.exponentialRampToValueAtTime(0.001, startAt + NOTE_SECONDS);
    oscillator.connect(gain).connect(destination);
    oscillator.start(startAt);
    oscillator.stop(startAt + NOTE_SECONDS);
  }
}
