import { randomInt } from "node:crypto";
import type { Api } from "grammy";
import type { Draft, RateWindow, Target } from "../../src/adapter.ts";
import { chatAddress } from "./address.ts";
import type { Families, Family } from "./family.ts";

/** core.telegram.org/api/bots/ai: drafts and chat actions of one chat together. */
const draftRate: readonly RateWindow[] = [
  { count: 20, perMs: 5000 },
  { count: 40, perMs: 30_000 },
];

/** Telegram's apps show a draft for so long after its last change. */
const DRAFT_LASTS_MS = 30_000;

const MAX_DRAFT_ID = 2 ** 31 - 1;

/** Opens drafts with ids that are not given twice, also not soon after a restart. Groups have no drafts. */
export function createDrafts(api: Api, families: Families): (target: Target) => Draft | undefined {
  let lastId = randomInt(1, MAX_DRAFT_ID);
  return (target) => {
    const { chat } = chatAddress(target);
    if (chat < 0) return undefined;
    lastId = (lastId % MAX_DRAFT_ID) + 1;
    return openDraft(api, families, target, lastId);
  };
}

function openDraft(api: Api, families: Families, target: Target, id: number): Draft {
  const { chat, thread } = chatAddress(target);
  const options = { can_stop: true, ...(thread !== undefined && { message_thread_id: thread }) };
  let family: Family = "undecided";
  return {
    budget: `telegram:${chat}:drafts`,
    rate: draftRate,
    lastsMs: DRAFT_LASTS_MS,
    async show(text) {
      const shown = await families.show(text, family, {
        method: "sendRichMessageDraft",
        classic: (content) =>
          api.sendMessageDraft(chat, id, content.text, { ...options, entities: [...content.entities] }),
        rich: (content) => api.sendRichMessageDraft(chat, id, content, options),
      });
      family = shown.family;
    },
  };
}
