import { isIP } from "node:net";
import type { Settings } from "./settings.ts";
import { quote } from "./settings.ts";
import { readWholeNumber } from "./values.ts";

/** Where health and metrics are served. */
export interface HealthConfig {
  readonly host: string;
  readonly port: number;
}

/** Off as long as no port is set. */
export function readHealth(settings: Settings): HealthConfig | undefined {
  const port = readWholeNumber(settings, "HEALTH_PORT", {
    min: 1,
    max: 65_535,
    next: "Take any free port, such as 9464, or remove it to serve nothing.",
  });
  const host = readHost(settings);
  return port === undefined ? undefined : { host, port };
}

function readHost(settings: Settings): string {
  const fallback = "127.0.0.1";
  const value = settings.text("HEALTH_HOST");
  if (value === undefined || isIP(value) || /^[a-z\d-]+(\.[a-z\d-]+)*$/i.test(value)) return value ?? fallback;
  settings.refuse(
    "HEALTH_HOST",
    `Expected an IP address or a host name alone; got ${quote(value)}.`,
    `Without it, ${fallback} is used; 0.0.0.0 lets other machines ask. The port belongs into HEALTH_PORT.`,
  );
  return fallback;
}
