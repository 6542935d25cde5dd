import { createCoze } from "../assembly.ts";
import { systemClock } from "../clock.ts";
import { readConfig } from "../config/config.ts";
import { readEnvironment } from "../config/env.ts";
import { CozeError } from "../coze/errors.ts";
import { PlatformError } from "../errors.ts";
import { createLogger } from "../logger.ts";
import { createAdapters, refusedToken } from "../main.ts";
import { redact } from "../redact.ts";
import { StoreError } from "../store/errors.ts";
import { findDamage } from "../store/integrity.ts";
import { openSqliteStore } from "../store/sqlite.ts";
import { describeTrouble } from "./trouble.ts";

/** Tries every part of the configuration for real, prints what works and what to fix. Resolves with the exit code. */
export async function check(): Promise<number> {
  const { config, secrets } = readConfig(readEnvironment());
  report("configuration", "ok");
  const logger = createLogger("silent");
  const { coze, tokens } = createCoze(config, secrets, logger);
  const signal = AbortSignal.timeout(patienceMs);
  const results = [
    await attempt("database", () => checkDatabase(config.databasePath)),
    await attempt("Coze credentials", async () => {
      await tokens.token("coze-bridge:check", signal);
      return config.coze.auth.kind === "jwt"
        ? "token exchanged"
        : "one token for everyone: no isolation between people";
    }),
    await attempt(`Coze ${config.coze.mode.kind}`, async () => (await coze.identifyAgent(signal)).name ?? "found"),
  ];
  for (const adapter of createAdapters(config, secrets, logger)) {
    results.push(
      await attempt(adapter.name, async () => {
        try {
          return (await adapter.identify()).name;
        } catch (error) {
          if (error instanceof PlatformError && error.code === "forbidden") throw refusedToken(adapter, error);
          throw error;
        } finally {
          await adapter.stop();
        }
      }),
    );
  }
  return Math.max(...results);
}

const patienceMs = 30_000;

async function attempt(what: string, action: () => Promise<string>): Promise<number> {
  try {
    report(what, `ok (${await action()})`);
    return 0;
  } catch (error) {
    report(what, `FAILED\n${indent(explain(error))}`);
    return describeTrouble(error).exitCode;
  }
}

async function checkDatabase(path: string): Promise<string> {
  const isInUse = await runsOn(path);
  const damage = await findDamage(path);
  if (damage) throw new StoreError("ERR_STORE_CORRUPT", { path, seen: damage });
  return isInUse ? `${path}, in use by a running bridge` : path;
}

/** Opens the database as the bridge would, unless a bridge has it already. */
async function runsOn(path: string): Promise<boolean> {
  try {
    await openSqliteStore(path, { clock: systemClock }).close();
    return false;
  } catch (error) {
    if (error instanceof StoreError && error.code === "ERR_STORE_IN_USE") return true;
    throw error;
  }
}

function explain(error: unknown): string {
  if (error instanceof CozeError) return explainCoze(error);
  if (error instanceof PlatformError) return `${error.method}: ${redact(error.message)} (${error.code})`;
  return describeTrouble(error).text.trim();
}

function explainCoze(error: CozeError): string {
  const facts = [error.endpoint, error.code && `code ${error.code}`, error.logid && `logid ${error.logid}`];
  return `${redact(error.message)} (${facts.filter(Boolean).join(", ")})\n${advice[error.kind] ?? "Try again later."}`;
}

const advice: Partial<Record<CozeError["kind"], string>> = {
  authentication:
    "Check the COZE_JWT_OAUTH_ variables (or COZE_API_TOKEN), the permissions of the app or token, and that COZE_API_BASE is the region of your account.",
  "agent-unavailable":
    "Check COZE_BOT_ID, COZE_WORKFLOW_ID and COZE_APP_ID, and that it is published to the API channel. A token may lack the permission to look it up; then this alone is no fault.",
  quota: "The account's quota is used up or it is in arrears.",
  network: "Check COZE_API_BASE and the network of this machine.",
};

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}

function report(what: string, result: string): void {
  process.stdout.write(`${what}: ${result}\n`);
}
