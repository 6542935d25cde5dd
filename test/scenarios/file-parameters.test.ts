import { expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import type { Person } from "../../src/playground/chat-platform.ts";
import type { StoredFile } from "../../src/playground/coze/index.ts";
import { askWith, itemsOf, lastQuestion, uploadRequests, uploadsOf } from "../support/asked-files.ts";
import { type CozeQuestion, cozeQuestions } from "../support/coze-questions.ts";
import { otherPicture, picture, table } from "../support/sent-files.ts";
import { describeEachPlatform, type World } from "../support/world.ts";

const environment = { COZE_FILE_PARAMETERS: "image:picture" };

/** What the start node is given. */
function inputOf({ request }: CozeQuestion): unknown {
  return (request.body.parameters as Readonly<Record<string, unknown>>).picture;
}

function inputsOf(world: World, person: Person): readonly unknown[] {
  return cozeQuestions(world.coze, world.sessionName(person)).map(inputOf);
}

function named(file: StoredFile | undefined): string {
  return JSON.stringify({ file_id: file?.id });
}

for (const mode of ["chatflow-app", "chatflow-bot"] as const) {
  describeEachPlatform("The start node of a flow takes pictures", { mode, environment }, (world) => {
    it("and is given the picture from before with the next question, until /new", async () => {
      const { chat } = world();
      const { person, room } = world().someone();
      await askWith(world(), { person, room }, [{ ...picture, caption: "Draw this." }]);
      chat.say(person, room, "And now in black and white.");
      await chat.until("the second answer", () => chat.botMessages(room).length === 2);
      await world().ended(person);
      chat.command(person, room, "new");
      await world().hears(room, en.newDone);
      await world().ask(person, room, "And now?", "You said: And now?");

      const [upload] = uploadsOf(world(), person);
      expect(inputsOf(world(), person)).toEqual([named(upload), named(upload), undefined]);
      expect(cozeQuestions(world().coze, world().sessionName(person)).map(({ text }) => text)).toEqual([
        "Draw this.",
        "And now in black and white.",
        "And now?",
      ]);
      expect(uploadRequests(world(), person)).toHaveLength(1);
    });

    it("and still has the picture from before after a kill", async () => {
      const { chat } = world();
      const { person, room } = world().someone();
      await askWith(world(), { person, room }, [{ ...picture, caption: "Draw this." }]);
      await world().bridge.kill();
      await world().restart();
      chat.say(person, room, "And now in black and white.");
      await chat.until("the second answer", () => chat.botMessages(room).length === 2);

      const [upload] = uploadsOf(world(), person);
      expect(inputOf(lastQuestion(world(), person))).toBe(named(upload));
      expect(uploadRequests(world(), person)).toHaveLength(1);
    });

    it("and gets a new picture in the place of the old one, and several as a list", async () => {
      const someone = world().someone();
      const album = [otherPicture, picture];
      await askWith(world(), someone, [picture]);
      await askWith(world(), someone, [otherPicture]);
      await askWith(world(), someone, album);
      const uploads = uploadsOf(world(), someone.person);
      const [first, second, list] = inputsOf(world(), someone.person);
      expect([first, second]).toEqual(uploads.slice(0, 2).map(named));
      expect(list).toHaveLength(2);
      expect(new Set(list as string[])).toEqual(new Set(uploads.slice(2).map(named)));
    });

    it("and other files go with the message", async () => {
      const someone = world().someone();
      const question = await askWith(world(), someone, [{ ...table, caption: "Add this up." }]);
      const [upload] = uploadsOf(world(), someone.person);
      expect(inputOf(question)).toBeUndefined();
      expect(itemsOf(question)).toEqual([
        { type: "text", text: "Add this up." },
        { type: "file", file_id: upload?.id },
      ]);
    });
  });

  describeEachPlatform("The start node of a flow takes no files", { mode }, (world) => {
    it("so that they go with the message, once", async () => {
      const someone = world().someone();
      const question = await askWith(world(), someone, [{ ...picture, caption: "Draw this." }]);
      const [upload] = uploadsOf(world(), someone.person);
      expect(inputOf(question)).toBeUndefined();
      expect(itemsOf(question)).toEqual([
        { type: "text", text: "Draw this." },
        { type: "image", file_id: upload?.id },
      ]);
      await world().ask(someone.person, someone.room, "And now?", "You said: And now?");
      expect(lastQuestion(world(), someone.person).request.body).toMatchObject({
        additional_messages: [{ content_type: "text", content: "And now?" }],
      });
    });
  });
}
