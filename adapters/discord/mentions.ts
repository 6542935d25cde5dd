import type { APIUser } from "discord.js";

/** Names by id, as far as they are known. */
export interface Names {
  user(id: string): string | undefined;
  channel(id: string): string | undefined;
  role(id: string): string | undefined;
}

/**
 * A message's content as its reader sees it: `<@12>` becomes `@Ann`, `<#34>` `#general`, `<:wave:56>` `:wave:`. What has
 * no known name stays as it is. https://docs.discord.com/developers/reference#message-formatting
 */
export function readableText(content: string, names: Names): string {
  return content
    .replaceAll(/<@!?(\d+)>/g, (whole, id: string) => prefixed("@", names.user(id), whole))
    .replaceAll(/<@&(\d+)>/g, (whole, id: string) => prefixed("@", names.role(id), whole))
    .replaceAll(/<#(\d+)>/g, (whole, id: string) => prefixed("#", names.channel(id), whole))
    .replaceAll(/<a?:(\w+):\d+>/g, ":$1:")
    .replaceAll(/<(\/[^:>]+):\d+>/g, "$1")
    .replaceAll(/<t:(-?\d{1,11})(?::[tTdDfFsSR])?>/g, (_, seconds: string) => readableTime(Number(seconds)));
}

/** The content without the mentions that called the bot, and without the gaps they leave. */
export function withoutMentions(content: string, mentions: readonly string[]): string {
  let text = content;
  for (const mention of mentions) {
    text = text.replaceAll(new RegExp(`[ \\t]*${mention}[ \\t]*`, "g"), (gap, offset: number, whole: string) => {
      const before = whole[offset - 1] ?? "\n";
      const after = whole[offset + gap.length] ?? "\n";
      return before === "\n" || /[\n.,:;!?，。：；！？]/.test(after) ? "" : " ";
    });
  }
  return text.trim();
}

/** The name that people see for a user. */
export function displayName(user: Pick<APIUser, "username" | "global_name">, nick?: string | null): string {
  return nick ?? user.global_name ?? user.username;
}

function prefixed(sign: string, name: string | undefined, otherwise: string): string {
  return name === undefined ? otherwise : `${sign}${name}`;
}

/** In UTC: whoever reads this is a model that knows nobody's time zone. */
function readableTime(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
