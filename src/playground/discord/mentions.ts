import type { Account, Channel } from "./community.ts";

export type MentionKind = "users" | "roles" | "everyone";

/** `allowed_mentions` of a request, with its gaps filled. Roles are left out: no guild here has one but @everyone. */
export interface AllowedMentions {
  readonly parse: readonly MentionKind[];
  readonly users: readonly string[];
  readonly repliedUser: boolean;
}

/** What counts for a regular message that carries no `allowed_mentions` (Discord docs, message resource). */
export const messageDefaults: AllowedMentions = {
  parse: ["users", "roles", "everyone"],
  users: [],
  repliedUser: true,
};
/** The same for answers to interactions. */
export const interactionDefaults: AllowedMentions = { parse: ["users"], users: [], repliedUser: true };

export interface Mentions {
  /** The message's `mentions`. */
  readonly users: readonly Account[];
  readonly everyone: boolean;
  /** Who gets a notification because of it, the author left out. */
  readonly pinged: readonly Account[];
}

export interface MentionContext {
  readonly channel: Channel;
  readonly author: Account;
  readonly members: readonly Account[];
  /** The author of the message that is replied to. */
  readonly repliedTo?: Account;
}

/** Whom a text mentions once `allowed` has been applied. Code is not searched for mentions. */
export function findMentions(content: string, allowed: AllowedMentions, context: MentionContext): Mentions {
  const text = content.replace(/```[\s\S]*?```|`[^`\n]*`/g, " ");
  const named = new Set([...text.matchAll(/<@!?(\d+)>/g)].map((match) => match[1]));
  const users = context.members.filter((account) => {
    if (allowed.repliedUser && account === context.repliedTo) return true;
    return named.has(account.id) && (allowed.parse.includes("users") || allowed.users.includes(account.id));
  });
  const everyone =
    context.channel.guild !== undefined && allowed.parse.includes("everyone") && /@(everyone|here)\b/.test(text);
  const pinged = (everyone ? context.members : users).filter((account) => account !== context.author);
  return { users, everyone, pinged };
}
