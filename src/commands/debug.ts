import type { Words } from "../locale/en.ts";
import type { Turn } from "../store/store.ts";
import type { Command } from "./command.ts";

/** Known to those alone whom the operator names: for others there is no such command. */
export const debugCommand: Command = {
  name: "debug",
  description: "describeDebug",
  isForAdmins: true,
  run: async ({ conversation, words, desk }) => {
    const turn = await desk.latestTurn(conversation);
    return turn ? describeTurn(turn, words) : words.debugNothing;
  },
};

/** What Coze's support and the agent's author ask for. Nothing of what was said. */
function describeTurn({ state, error, chatId, conversationId, facts }: Turn, words: Words): string {
  const seconds = (ms: number | undefined) => ms !== undefined && `${(ms / 1000).toFixed(2)} s`;
  const lines: readonly (readonly [string, string | number | false | undefined])[] = [
    [words.debugOutcome, error ? `${state} (${error})` : state],
    ["chat_id", chatId],
    ["conversation_id", conversationId],
    ["logid", facts?.logid],
    ["debug_url", facts?.debugUrl],
    [words.debugTokens, facts?.tokens],
    [words.debugFirstText, seconds(facts?.firstTextMs)],
    [words.debugTime, seconds(facts?.ms)],
  ];
  return lines.flatMap(([name, value]) => (value ? `${name}: ${value}` : [])).join("\n");
}
