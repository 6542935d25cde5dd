import type { Buttons } from "../adapter.ts";
import { actionValue } from "../buttons/actions.ts";
import type { Words } from "../locale/en.ts";
import type { PastConversation } from "../store/store.ts";
import type { Command, CommandContext, Said } from "./command.ts";

/**
 * `/conversations` lists a person's conversations; followed by a number or a title it goes on in that one, by `rename 2
 * Holidays` or `delete 2` it does that. The numbers are those of the list.
 */
export const conversationsCommand: Command = {
  name: "conversations",
  isPersonal: true,
  description: "describeConversations",
  argument: { name: "conversation", description: "describeConversation" },
  complete: async (typed, { conversation, words, past }) => {
    const titled = (await past.list(conversation)).map((one) => ({
      label: titleOf(one, words),
      value: one.conversationId,
    }));
    return titled.filter(({ label }) => label.toLowerCase().includes(typed.trim().toLowerCase()));
  },
  run: async (context) => {
    const { event, desk, conversation, words } = context;
    const all = await desk.past.list(conversation);
    if (all.length === 0) return words.conversationsNone;
    if (event.argument === "") return await listing(context, all);
    const [, verb, which = "", title = ""] = /^(?:(rename|delete)\s+)?(\S+)(?:\s+(.*))?$/s.exec(event.argument) ?? [];
    const chosen = find(all, verb ? which : event.argument);
    if (!chosen) return words.conversationsUnknown;
    return await change(context, chosen, verb ? { verb, title } : undefined);
  },
};

async function change(
  { desk, conversation, words }: CommandContext,
  { conversationId }: PastConversation,
  wish: { readonly verb: string; readonly title: string } | undefined,
): Promise<string> {
  if (wish?.verb === "delete") {
    const dropped = await desk.dropConversation(conversation, conversationId);
    return dropped === "kept" ? words.conversationNotDeleted : words.conversationDeleted;
  }
  if (wish) {
    if (wish.title.trim() === "") return words.conversationsUnknown;
    await desk.renameConversation(conversation, conversationId, wish.title);
    return words.conversationRenamed;
  }
  await desk.past.use(conversation, conversationId);
  return words.conversationUsed;
}

/** By its number in the list, its id or its title. */
function find(all: readonly PastConversation[], which: string): PastConversation | undefined {
  if (/^\d{1,2}$/.test(which)) return all[Number(which) - 1];
  const sought = which.trim().toLowerCase();
  return all.find(({ conversationId, title }) => conversationId === sought || title.toLowerCase() === sought);
}

async function listing(
  { desk, conversation, words, locale }: CommandContext,
  all: readonly PastConversation[],
): Promise<Said> {
  const current = await desk.past.current(conversation);
  const lines = all.map((past, index) => {
    const mark = past.conversationId === current ? " ●" : "";
    return `${index + 1}. ${titleOf(past, words)} · ${dateOf(past, locale)}${mark}`;
  });
  const rows: Buttons = all.slice(0, mostButtons).map((past) => [
    { label: titleOf(past, words), value: actionValue({ kind: "switch", conversationId: past.conversationId }) },
    { label: "🗑", value: actionValue({ kind: "drop", conversationId: past.conversationId }) },
  ]);
  return { text: [...lines, "", words.conversationsHow].join("\n"), buttons: rows };
}

function titleOf({ title, createdAt }: PastConversation, words: Words): string {
  return title || `${words.conversationUntitled} ${new Date(createdAt).toISOString().slice(0, 10)}`;
}

function dateOf({ usedAt }: PastConversation, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(usedAt);
}

/** {@link Buttons} has no more rows. */
const mostButtons = 5;
