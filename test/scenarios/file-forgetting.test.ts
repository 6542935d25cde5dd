import { expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import { askWith, isSame, uploadRequests, uploadsOf } from "../support/asked-files.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { picture, table } from "../support/sent-files.ts";
import { describeEachMode, describeEachPlatform } from "../support/world.ts";

describeEachMode("Somebody who sent files is forgotten", (world) => {
  it("without a trace here or in a conversation on Coze; the files themselves stay on Coze, as it was told", async () => {
    const { chat, coze } = world();
    const { person, room } = world().someone({ name: "Wilhelmina" });
    const sent = { ...table, name: "swordfish.csv", caption: "A secret marlin." };
    await askWith(world(), { person, room }, [{ ...picture, caption: "A secret halibut." }]);
    const question = await askWith(world(), { person, room }, [sent]);
    const uploads = uploadsOf(world(), person);
    const ids = uploads.map(({ id }) => id);
    const [conversation] = coze.conversations.filter(({ sessionName }) => sessionName === world().sessionName(person));
    const before = await world().storedBytes();
    const traces = ["halibut", "marlin", "swordfish", person.id, "Wilhelmina", ...ids, conversation?.id ?? ""];
    expect(traces.filter((trace) => !before.includes(trace))).toEqual([]);
    expect(question.text).toContain(ids[1]);

    chat.command(person, room, "forget");
    const asked = await world().hears(room, en.forgetAsk);
    expect(asked.text).toContain("Files that you sent stay on Coze for three months at most");
    chat.press(person, asked, en.forgetYes);
    await world().hears(room, en.forgetDone);

    const after = await world().storedBytes();
    expect(traces.filter((trace) => after.includes(trace))).toEqual([]);
    expect(coze.conversations.filter(({ sessionName }) => sessionName === world().sessionName(person))).toEqual([]);
    // Coze has no endpoint that deletes an uploaded file.
    const kept = uploadsOf(world(), person);
    expect(kept.map(({ id }) => id)).toEqual(ids);
    expect([isSame(kept[0], picture), isSame(kept[1], table)]).toEqual([true, true]);
  });
});

describeEachPlatform("Somebody is forgotten while a file is on its way", {}, (world) => {
  it("and it does not come back", async () => {
    const { chat, coze } = world();
    const { person, room } = world().someone({ name: "Wilhelmina" });
    coze.faults.add({ method: "POST /v1/files/upload", effect: { kind: "hang", applied: false } });
    chat.sendFile(person, room, [{ ...picture, caption: "A secret halibut." }]);
    await coze.until("the file is sent", () => uploadRequests(world(), person).length > 0);

    chat.command(person, room, "forget");
    chat.press(person, await world().hears(room, en.forgetAsk), en.forgetYes);
    await world().hears(room, en.forgetDone);

    const after = await world().storedBytes();
    expect(["halibut", person.id, "Wilhelmina"].filter((trace) => after.includes(trace))).toEqual([]);
    expect(uploadRequests(world(), person).map(({ aborted }) => aborted)).toEqual([true]);
    expect(cozeQuestions(coze, world().sessionName(person))).toEqual([]);
    expect(chat.botMessages(room)).toHaveLength(2);
  });
});
