import { setMaxListeners } from "node:events";

/** What ends everything that was begun within it. Any number of things may listen. */
export function newLifetime(): AbortController {
  const lifetime = new AbortController();
  setMaxListeners(0, lifetime.signal);
  return lifetime;
}
