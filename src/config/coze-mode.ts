import type { CozeMode } from "../coze/agent.ts";
import type { VariableName } from "./env.ts";
import type { Settings } from "./settings.ts";
import { quote } from "./settings.ts";

/** Which agent or flow answers, by which of the three ids are set. */
export function readCozeMode(settings: Settings): CozeMode | undefined {
  const bot = settings.isIntended("COZE_BOT_ID");
  const app = settings.isIntended("COZE_APP_ID");
  if (settings.isIntended("COZE_WORKFLOW_ID")) return readChatflow(settings, { bot, app });
  if (app) {
    const next = "Set the chatflow's id, or remove COZE_APP_ID to talk to the agent COZE_BOT_ID.";
    return settings.refuse("COZE_WORKFLOW_ID", "Missing, while COZE_APP_ID is set.", next);
  }
  if (!bot) {
    return settings.refuse(
      "COZE_BOT_ID, COZE_WORKFLOW_ID",
      "Neither is set, so nobody can answer.",
      "Set COZE_BOT_ID for an agent, or COZE_WORKFLOW_ID with COZE_APP_ID or COZE_BOT_ID for a chatflow.",
    );
  }
  const botId = readId(settings, "COZE_BOT_ID");
  return botId ? { kind: "agent", botId } : undefined;
}

function readChatflow(settings: Settings, owner: { bot: boolean; app: boolean }): CozeMode | undefined {
  const workflowId = readId(settings, "COZE_WORKFLOW_ID");
  if (owner.bot === owner.app) {
    return settings.refuse(
      "COZE_APP_ID, COZE_BOT_ID",
      `A chatflow needs exactly one of them; ${owner.bot ? "both are" : "neither is"} set.`,
      "Keep COZE_APP_ID for a flow inside a Coze app, COZE_BOT_ID for a flow run for an agent.",
    );
  }
  const appId = owner.app ? readId(settings, "COZE_APP_ID") : undefined;
  const botId = owner.bot ? readId(settings, "COZE_BOT_ID") : undefined;
  if (workflowId && appId) return { kind: "chatflow-app", workflowId, appId };
  if (workflowId && botId) return { kind: "chatflow-bot", workflowId, botId };
  return undefined;
}

/** Where the address of a page on Coze holds each id, and how to say so. */
const places = {
  COZE_BOT_ID: { pattern: /\/bot\/(\d+)/, where: "after /bot/ in the address of the agent's page" },
  COZE_WORKFLOW_ID: { pattern: /workflow_id=(\d+)/, where: "after workflow_id= in the address of the flow's page" },
  COZE_APP_ID: { pattern: /\/project-ide\/(\d+)/, where: "after /project-ide/ in the address of the app's page" },
} as const satisfies Partial<Record<VariableName, unknown>>;

/** Ids are 64-bit numbers in decimal, too large for a JavaScript number, and stay strings (Coze docs chat_v3). */
function readId(settings: Settings, name: keyof typeof places): string | undefined {
  const value = settings.text(name);
  if (value === undefined || /^\d{1,20}$/.test(value)) return value;
  const { pattern, where } = places[name];
  const found = pattern.exec(value)?.[1];
  const next = `Take the digits ${where}${found ? `: ${found}` : ""}.`;
  return settings.refuse(name, `Expected an id of digits only; got ${quote(value)}.`, next);
}
