import { afterAll, expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import type { Room, ShownMessage } from "../../src/playground/chat-platform.ts";
import { followUp, gate, say } from "../../src/playground/coze/index.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { closedGate } from "../support/gate.ts";
import { turnReaches } from "../support/ledger.ts";
import { hanging, startLinkServer } from "../support/link-server.ts";
import { expectSeen, fileCalls, linked, seenIn } from "../support/linked-files.ts";
import { describeEachPlatform, type World } from "../support/world.ts";

const server = await startLinkServer();
afterAll(() => server.close());

const environment = { MEDIA_PRIVATE_HOSTS: server.host, BUTTONS: "stop,follow-ups,feedback" };

const rows = [["And at noon?"], ["👍", "👎"]];

/** Where the buttons of an answer stand: what is seen in each message, and what is below it. */
function withButtons({ chat }: World, room: Room): (readonly [string, readonly (readonly string[])[]])[] {
  return chat.botMessages(room).map(({ text, media, buttons }) => [media.length > 0 ? "files" : text, buttons]);
}

/** Resolves with the bot's message that has these buttons. */
async function offered({ chat }: World, room: Room): Promise<ShownMessage> {
  const isOffered = ({ buttons }: ShownMessage) => JSON.stringify(buttons) === JSON.stringify(rows);
  return await chat.until("the buttons", () => chat.botMessages(room).find(isOffered));
}

const endings: readonly {
  readonly title: string;
  readonly answer: () => string;
  readonly seen: readonly string[];
  /** What the buttons stand below. */
  readonly place: Readonly<Record<World["chat"]["name"], string>>;
}[] = [
  {
    title: "a picture",
    answer: () => `Look:\n\n![](${server.link("moon.png", linked.moon)})`,
    seen: ["Look:", "[moon]"],
    place: { telegram: "files", discord: "files" },
  },
  {
    title: "an album, or on Telegram the text above it, where an album can't have them",
    answer: () => `Look:\n\n![](${server.link("1.png", linked.moon)})\n![](${server.link("2.png", linked.mist)})`,
    seen: ["Look:", "[moon]", "[mist]"],
    place: { telegram: "Look:", discord: "files" },
  },
  {
    title: "the text behind a picture",
    answer: () => `Look:\n\n![](${server.link("moon.png", linked.moon)})\n\nNice.`,
    seen: ["Look:", "[moon]", "Nice."],
    place: { telegram: "Nice.", discord: "Nice." },
  },
  {
    title: "a picture that is all of the answer",
    answer: () => `![](${server.link("moon.png", linked.moon)})`,
    seen: ["[moon]"],
    place: { telegram: "files", discord: "files" },
  },
];

describeEachPlatform(
  "Buttons stand below the end of an answer with pictures, and work",
  { environment },
  (world, platform) => {
    it.each(endings)("below $title", async ({ answer, seen, place }) => {
      const { coze, chat } = world();
      const somebody = world().someone();
      const { person, room } = somebody;
      const text = answer();
      coze.answer = (question) =>
        question.text === "The moon?" ? [...say(text), followUp("And at noon?")] : say("Bright.");
      chat.say(person, room, "The moon?");
      const message = await offered(world(), room);
      await expectSeen(world(), somebody, seen);
      const others = withButtons(world(), room).filter(([, buttons]) => buttons.length > 0);
      expect(others).toEqual([[place[platform], rows]]);

      chat.press(person, message, "👍");
      const isRated = () => chat.botMessages(room).some(({ id, buttons }) => id === message.id && buttons.length === 1);
      await chat.until("thanks", isRated);
      const rated = coze.conversations.flatMap(({ messages }) => messages).filter(({ feedback }) => feedback);
      expect(rated.map((answered) => [answered.text, answered.feedback])).toContainEqual([text, "like"]);
      chat.press(person, message, "And at noon?");
      await world().hears(room, "Bright.");
      await expectSeen(world(), somebody, [...seen, "Bright."]);
      const asked = cozeQuestions(coze, world().sessionName(person)).map((question) => question.text);
      expect(asked).toEqual(["The moon?", "And at noon?"]);
    });

    it("also after a restart", async () => {
      const { coze, chat } = world();
      const somebody = world().someone();
      const { person, room } = somebody;
      const answer = `Look:\n\n![](${server.link("moon.png", linked.moon)})`;
      coze.answer = ({ text }) => (text === "The moon?" ? [...say(answer), followUp("And at noon?")] : say("Bright."));
      chat.say(person, room, "The moon?");
      const message = await offered(world(), room);
      await world().ended(person);
      await world().bridge.kill();
      await world().restart();
      chat.press(person, message, "And at noon?");
      await world().hears(room, "Bright.");
      await expectSeen(world(), somebody, ["Look:", "[moon]", "Bright."]);
    });

    it("Stop ends an answer whose picture stands already, and leaves it", async () => {
      const { coze, chat } = world();
      const somebody = world().someone();
      const { person, room } = somebody;
      const never = closedGate();
      const answer = `Look:\n\n![](${server.link("moon.png", linked.moon)})\n\nIt is`;
      coze.answer = () => [
        ...say(answer),
        ...say(" bright", { everyMs: 50 }),
        gate(never.opened),
        ...say(" and round."),
      ];
      chat.say(person, room, "The moon?");
      const isOffered = () => chat.botMessages(room).find(({ buttons }) => buttons.flat().includes(en.stop));
      chat.press(person, await chat.until("the Stop button", isOffered), en.stop);
      await chat.until("the word", () => seenIn(world(), room).at(-1)?.endsWith(en.stoppedHere));
      await expectSeen(world(), somebody, ["Look:", "[moon]", expect.stringMatching(/^It is bright\s+⏹/u)], "stopped");
      expect(withButtons(world(), room).flatMap(([, buttons]) => buttons.flat())).not.toContain(en.stop);
      expect(fileCalls(world(), room)).toHaveLength(1);
      never.open();
    });

    it.each(["is still written", "was written to its end"])(
      "/stop waits for no picture when the answer %s, and leaves its link",
      async (when) => {
        const { coze, chat } = world();
        const somebody = world().someone();
        const { person, room } = somebody;
        const never = closedGate();
        const link = server.link("moon.png", hanging);
        const answer = say(`Look:\n\n![The moon](${link})\n\nIt is bright.`);
        const isWhole = when !== "is still written";
        coze.answer = ({ text }) =>
          text === "Thanks."
            ? say("Gladly.")
            : isWhole
              ? answer
              : [...answer, gate(never.opened), ...say(" And round.")];
        chat.say(person, room, "The moon?");
        await server.opened(link);
        if (isWhole)
          await turnReaches(world().environment.DATABASE_PATH ?? "", world().sessionName(person), "answered");
        const askedAt = Date.now();
        chat.command(person, room, "stop");
        const end = isWhole ? "The moon\n\nIt is bright." : expect.stringMatching(/^The moon\n\nIt is bright\.\s+⏹/u);
        await chat.until("the end", () => seenIn(world(), room).some((text) => text.includes("It is bright.")));
        expect(Date.now() - askedAt).toBeLessThan(5000);
        await turnReaches(
          world().environment.DATABASE_PATH ?? "",
          world().sessionName(person),
          isWhole ? "delivered" : "stopped",
        );
        expect(seenIn(world(), room).filter((text) => text !== en.stopDone)).toEqual(["Look:", end]);
        await world().ask(person, room, "Thanks.", "Gladly.");
        never.open();
      },
    );
  },
);
