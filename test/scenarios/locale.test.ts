import { expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import { zh } from "../../src/locale/zh.ts";
import { fail } from "../../src/playground/coze/index.ts";
import { type Chat, describeEachPlatform } from "../support/world.ts";

describeEachPlatform("The bridge speaks the person's language", {}, (world, platform) => {
  const chinese = platform === "telegram" ? "zh-hans" : "zh-CN";

  it.each([
    { locale: chinese, words: zh },
    { locale: "en-US", words: en },
    { locale: "ja", words: en },
  ])("answers commands in it ($locale)", async ({ locale, words }) => {
    const { person, room } = world().someone({ locale });

    world().chat.command(person, room, "help");
    await world().hears(room, words.help);
  });

  it.each([
    { locale: chinese, text: "你好", sentence: zh.failedService },
    { locale: "en-US", text: "Hello", sentence: en.failedService },
  ])("tells in it what went wrong ($text)", async ({ locale, text, sentence }) => {
    const { person, room } = world().someone({ locale });
    world().coze.answer = () => [fail(5000, "internal error")];

    await world().ask(person, room, text, sentence);
  });

  it("offers the commands in both languages", () => {
    const { chat } = world();

    expect([...chat.registeredCommands()]).toEqual(["new", "stop", "retry", "conversations", "forget", "help"]);
    for (const [language, words] of [["en", en] as const, ["zh", zh] as const]) {
      const { describeNew, describeStop, describeRetry, describeConversations, describeForget, describeHelp } = words;
      const all = [describeNew, describeStop, describeRetry, describeConversations, describeForget, describeHelp];
      expect(menu(chat, language)).toEqual(all);
    }
  });
});

/** What the platform's menu says of the commands to someone of a language. */
function menu(chat: Chat, language: "en" | "zh"): unknown {
  return chat.name === "telegram" ? telegramMenu(chat, language) : discordMenu(chat, language);
}

function telegramMenu({ calls }: Chat, language: "en" | "zh"): unknown {
  const filled = calls.filter(({ method }) => method === "setMyCommands").map(({ parameters }) => parameters);
  // Without a language it is for everyone who has no menu in theirs.
  const own = filled.find(({ language_code }) => (language_code ?? "en") === language);
  return (own?.commands as { description: string }[] | undefined)?.map(({ description }) => description);
}

function discordMenu({ calls }: Chat, language: "en" | "zh"): unknown {
  const call = calls.find(({ method }) => method === "PUT /applications/:id/commands");
  const commands = call?.response as { description: string; description_localizations: Record<string, string> }[];
  return commands.map((command) =>
    language === "zh" ? command.description_localizations["zh-CN"] : command.description,
  );
}
