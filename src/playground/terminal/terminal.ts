import { Keyboard } from "./keyboard.ts";
import { Screen } from "./screen.ts";

/** The person at the terminal: what they see, and what they type unless input comes from elsewhere. */
export interface Terminal {
  readonly screen: Screen;
  readonly keyboard: Keyboard | undefined;
}

/** Undefined when the output does not go to a terminal. `onInterrupt`: Ctrl-C, or the terminal is gone. */
export function openTerminal(onInterrupt: () => void): Terminal | undefined {
  if (!process.stdout.isTTY) return undefined;
  const keyboard = process.stdin.isTTY ? new Keyboard(process.stdin, onInterrupt) : undefined;
  return { screen: new Screen(process.stdout), keyboard };
}
