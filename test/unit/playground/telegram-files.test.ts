import { Api } from "grammy";
import type { Message } from "grammy/types";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../../support/manual-clock.ts";
import { descriptionOf, emulate, lastMessage, personInChat } from "./telegram-fixture.ts";

describe("files", () => {
  const bytes = new Uint8Array(Buffer.from("content of the file"));

  it("come with ids under which the bot can download them for an hour", async () => {
    const clock = createManualClock();
    const emulator = await emulate({ clock });
    const { person, room } = personInChat(emulator);
    const file = { kind: "file", name: "notes.txt", mimeType: "text/plain", bytes } as const;
    const shown = emulator.sendFile(person, room, [{ ...file, caption: "read @this_please" }]);
    expect(shown).toMatchObject({ text: "read @this_please", media: [file] });
    const message = await lastMessage(emulator);
    expect(message).toMatchObject({
      document: { file_name: "notes.txt", mime_type: "text/plain", file_size: 19 },
      caption: "read @this_please",
      caption_entities: [{ type: "mention", offset: 5, length: 12 }],
    });
    expect(message).not.toHaveProperty("text");

    const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
    const { file_path } = await api.getFile(message?.document?.file_id ?? "");
    expect(file_path).toMatch(/^documents\/file_\d+\.txt$/);
    const url = `${emulator.apiRoot}/file/bot${emulator.token}/${file_path}`;
    expect(await (await fetch(url)).text()).toBe("content of the file");
    expect(emulator.calls.at(-1)).toMatchObject({ method: "/file", status: 200 });
    await clock.advance(3_600_000);
    expect((await fetch(url)).status).toBe(404);
  });

  it.each([
    ["image", false, (message: Message | undefined) => message?.photo?.map(({ width }) => width), [90, 1280]],
    ["audio", true, (message: Message | undefined) => message?.voice?.file_size, 19],
    ["audio", false, (message: Message | undefined) => message?.audio?.file_name, "a.mp3"],
    ["video", false, (message: Message | undefined) => message?.video?.file_name, "a.mp3"],
  ] as const)("are shown by their kind: %s, voice %s", async (kind, isVoice, part, expected) => {
    const emulator = await emulate();
    const { person, room } = personInChat(emulator);
    emulator.sendFile(person, room, [{ kind, isVoice, name: "a.mp3", mimeType: "audio/mpeg", bytes }]);
    expect(part(await lastMessage(emulator))).toEqual(expected);
  });

  it("can't be downloaded above 20 MiB, nor without an id that is known", async () => {
    const emulator = await emulate();
    const { person, room } = personInChat(emulator);
    emulator.sendFile(person, room, [{ kind: "file", name: "a.bin", mimeType: "", bytes, size: 20_971_521 }]);
    const file_id = (await lastMessage(emulator))?.document?.file_id;
    expect(await descriptionOf(emulator, "getFile", { file_id })).toBe("Bad Request: file is too big");
    expect(await descriptionOf(emulator, "getFile", { file_id: "x" })).toBe("Bad Request: invalid file_id");
    expect(await descriptionOf(emulator, "getFile", {})).toBe("Bad Request: file_id not specified");
  });
});
