import { authorized, type Endpoint, requiredText, success } from "./api.ts";
import {
  unauthorized,
  unknownApp,
  unknownBot,
  unknownWorkflow,
  unpublishedBot,
  unpublishedWorkflow,
} from "./refusal.ts";
import { ACCOUNT } from "./tokens.ts";

/** What the account has: ids to ask for, and ids that fail because nothing was published under them. */
export const catalog = {
  botId: "7379462189365198898",
  unpublishedBotId: "7379462189365190001",
  workflowId: "7522804697494001234",
  unpublishedWorkflowId: "7522804697494009999",
  appId: "7442086831112224567",
  /** The conversations defined in the app. The first is what the flow's start node names by default. */
  conversationNames: ["Default", "Support"],
} as const;

export function checkBot(id: string): void {
  if (id === catalog.unpublishedBotId) throw unpublishedBot(id);
  if (id !== catalog.botId) throw unknownBot(id);
}

export function checkWorkflow(id: string): void {
  if (id === catalog.unpublishedWorkflowId) throw unpublishedWorkflow(id);
  if (id !== catalog.workflowId) throw unknownWorkflow(id);
}

export function checkApp(id: string): void {
  if (id !== catalog.appId) throw unknownApp(id);
}

/** The endpoints that describe agents and flows. */
export function catalogEndpoints(): readonly Endpoint[] {
  return [
    {
      name: "GET /v1/bot/get_online_info",
      answer: authorized(
        () => unauthorized("access-token"),
        ({ query }) => success(describeBot(requiredText(query, "bot_id"))),
      ),
    },
    {
      name: "GET /v1/bots/:bot_id",
      answer: authorized(
        () => unauthorized("access-token"),
        ({ parameters }) => success(describeBot(requiredText(parameters, "bot_id"))),
      ),
    },
    {
      name: "GET /v1/workflows/:workflow_id",
      answer: authorized(
        () => unauthorized("workflow"),
        ({ parameters }) => success(describeWorkflow(requiredText(parameters, "workflow_id"))),
      ),
    },
  ];
}

const CREATED_AT = 1_715_689_059;

function describeBot(id: string): Record<string, unknown> {
  checkBot(id);
  return {
    bot_id: id,
    name: "Emulated agent",
    description: "Answers from a script.",
    icon_url: "",
    create_time: CREATED_AT,
    update_time: CREATED_AT,
    version: "1715689059000",
    prompt_info: { prompt: "" },
    onboarding_info: { prologue: "", suggested_questions: [] },
    bot_mode: 0,
  };
}

function describeWorkflow(id: string): Record<string, unknown> {
  checkWorkflow(id);
  return {
    workflow_detail: {
      workflow_id: id,
      workflow_name: "emulated_flow",
      description: "Answers from a script.",
      icon_url: "",
      app_id: catalog.appId,
      creator: { id: ACCOUNT, name: "emulator" },
      created_at: CREATED_AT,
      updated_at: String(CREATED_AT),
    },
  };
}
