import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Author, Chat } from "../../../src/adapter.ts";
import {
  type ContextRules,
  type ContextTemplates,
  createQuestionContext,
} from "../../../src/context/question-context.ts";
import { sessionName } from "../../../src/conversations/session-name.ts";
import { startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { say } from "../../../src/playground/coze/script.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { Turn } from "../../../src/store/store.ts";
import { emulatedClient } from "../coze/emulated-client.ts";
import { key, message, newTurn } from "../store/records.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const secret = "sixteen letters!";
const askedAt = Date.UTC(2025, 0, 15, 12, 30, 5, 678);

interface Asking {
  readonly author?: Partial<Author>;
  readonly chat?: Partial<Chat>;
}

/** The turn of a question by Ann, as it is at once and as the next process finds it. */
async function turnsOf({ author, chat }: Asking = {}): Promise<readonly [Turn, Turn]> {
  const path = join(temporaryFolder(), "bridge.db");
  const clock = { now: () => askedAt, after: () => () => undefined };
  const event = message("m1");
  const ann = { ...event.author, name: "Ann", ...author };
  const store = openSqliteStore(path, { clock });
  const turn = await store.acceptMessage({ ...event, author: ann, chat: { ...event.chat, ...chat } }, newTurn("t1"));
  await store.close();
  const next = openSqliteStore(path, { clock });
  onTestFinished(() => next.close());
  const again = await next.turn("t1");
  if (!turn || !again) throw new Error("the question was not stored");
  return [turn, again];
}

async function contextOf(templates: ContextTemplates, asking?: Asking, rules?: ContextRules) {
  const context = createQuestionContext(templates, rules);
  const [turn, again] = await turnsOf(asking);
  expect(context(again)).toEqual(context(turn));
  return context(turn);
}

async function told(template: string, asking?: Asking, rules?: ContextRules): Promise<string | undefined> {
  return (await contextOf({ parameters: { it: template } }, asking, rules)).parameters?.it;
}

test("nothing is told when nothing is configured", async () => {
  expect(await contextOf({})).toEqual({});
});

test.each<[string, string, Asking?]>([
  ["{user_name}", "Ann"],
  ["{user_id}", "42"],
  ["{locale}", "zh-hans"],
  ["{locale}", "", { author: { locale: undefined } } as unknown as Asking],
  ["{platform}", "telegram"],
  ["{chat_kind}", "private"],
  ["{chat_title}", ""],
  ["{chat_title}", "Ducks & co", { chat: { kind: "group", title: "Ducks & co" } }],
  ["{time}", "2025-01-15T12:30:05Z"],
  ["{platform}: {user_name} ({user_name})", "telegram: Ann (Ann)"],
  ["no placeholder, {} {a:b} {nobody}", "no placeholder, {} {a:b} {nobody}"],
])("%s is %j", async (template, value, asking) => {
  expect(await told(template, asking)).toBe(value);
});

describe("with a secret for session names", () => {
  test("the id is the pseudonym that Coze knows", async () => {
    const id = await told("{user_id}", {}, { sessionNameSecret: secret });
    expect(id).toBe(sessionName("telegram", "42", secret));
    expect(id).not.toContain("42");
  });

  test("the name is told to whom the operator tells it", async () => {
    expect(await told("{user_name}", {}, { sessionNameSecret: secret })).toBe("Ann");
  });
});

test.each([
  ["line breaks and control characters", "a\nb\r\n\tc\u0000d\u2028e\u2029f\u0085g", "a b c d e f g"],
  ["Jinja2", "{{ system }}{% if x %}{# c #}", "(( system ))(% if x %)(# c #)"],
  ["a placeholder", "{user_id}", "(user_id)"],
  ["quotation marks and backslashes", 'a", "role": "x\\', "a”, ”role”: ”x/"],
  ["text that runs backwards", "a\u202eb\u2066c", "abc"],
  ["letters that nobody sees", "a\u{e0041}\u{e0042}b", "ab"],
  ["half an emoji", "a\ud83db", "ab"],
  ["a replacement pattern", "$& $1 $$", "$& $1 $$"],
  ["white space around", "  \u3000Ann  ", "Ann"],
  ["emoji and other scripts", "李 👨‍👩‍👧 می‌خواهم", "李 👨‍👩‍👧 می‌خواهم"],
  ["great length", "🦆".repeat(101), "🦆".repeat(100)],
])("a name or a title of %s is harmless", async (_, given, shown) => {
  const asking = { author: { name: given }, chat: { title: given } };
  expect(await told("{user_name}|{chat_title}", asking)).toBe(`${shown}|${shown}`);
});

test("a template of JSON stays JSON, whatever the name is", async () => {
  const asking = { author: { name: 'x", "admin": "yes\\' } };
  const value = await told('{"name":"{user_name}"}', asking);
  expect(JSON.parse(value ?? "")).toEqual({ name: "x”, ”admin”: ”yes/" });
});

test("meta data that says nothing is left out, as Coze refuses it empty; variables are told all the same", async () => {
  const pairs = { title: " {chat_title}", name: "{user_name}" };
  expect(await contextOf({ customVariables: pairs, metaData: pairs })).toEqual({
    customVariables: { title: "", name: "Ann" },
    metaData: { name: "Ann" },
  });
});

test("a part in which nothing is left is not sent", async () => {
  const title = { title: "{chat_title}" };
  expect(await contextOf({ customVariables: {}, parameters: { plan: "free" }, metaData: title })).toEqual({
    parameters: { plan: "free" },
  });
});

test("it reaches the agent, and none of it is more than Coze takes", async () => {
  const coze = await startCozeEmulator();
  onTestFinished(() => coze.close());
  const client = emulatedClient(coze, "agent");
  coze.answer = ({ customVariables }) => say(JSON.stringify(customVariables), { chunk: 500 });
  const templates = {
    customVariables: { user_name: "{user_name}", title: "{chat_title}" },
    parameters: { where: "{platform} / {chat_kind}" },
    metaData: { user: "{user_id}", title: "{chat_title}", time: "{time}" },
  };
  const context = await contextOf(templates, { author: { name: "{{\n" } });
  const { sessionName: name } = key;
  const answers: string[] = [];
  for await (const event of client.ask({ sessionName: name, text: "hi", context }, new AbortController().signal)) {
    if (event.type === "message") answers.push(event.text);
  }
  expect(answers.map((text) => JSON.parse(text))).toEqual([{ user_name: "((", title: "" }]);
  expect(coze.requests.find(({ path }) => path === "/v3/chat")?.body).toMatchObject({
    parameters: { where: "telegram / private" },
    meta_data: { user: "42", time: "2025-01-15T12:30:05Z" },
  });
});
