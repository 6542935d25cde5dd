import { afterAll, expect, it } from "vitest";
import { gate, say } from "../../src/playground/coze/index.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { closedGate } from "../support/gate.ts";
import { turnReaches } from "../support/ledger.ts";
import { afterGate, startLinkServer } from "../support/link-server.ts";
import { expectSeen, fileCall, fileCalls, linked, seenIn } from "../support/linked-files.ts";
import { platformFaults } from "../support/platform-faults.ts";
import { describeEachPlatform } from "../support/world.ts";

const server = await startLinkServer();
afterAll(() => server.close());

const environment = { MEDIA_PRIVATE_HOSTS: server.host, SHUTDOWN_GRACE_MS: "300" };

describeEachPlatform("The process is killed within an answer with pictures", { environment }, (world) => {
  it("while one is fetched: it is fetched again, and stands there once", async () => {
    const { coze, chat } = world();
    const somebody = world().someone();
    const late = closedGate();
    const link = server.link("moon.png", afterGate(late.opened, linked.moon));
    coze.answer = () => say(`Look:\n\n![The moon](${link})\n\nNice.`);
    chat.say(somebody.person, somebody.room, "Show me the moon.");
    await server.opened(link);
    await chat.until("the text above", () => seenIn(world(), somebody.room).includes("Look:"));
    await turnReaches(world().environment.DATABASE_PATH ?? "", world().sessionName(somebody.person), "answered");

    await world().bridge.kill();
    late.open();
    await world().restart();

    await expectSeen(world(), somebody, ["Look:", "[moon]", "Nice."]);
    expect(server.timesOpened(link)).toBe(2);
    expect(cozeQuestions(coze, world().sessionName(somebody.person))).toHaveLength(1);
  });

  it.each([
    ["one", ["[moon]"]],
    ["an album", ["[moon]", "[noon]", "[mist]"]],
  ])("while %s is sent, and the platform has taken it: it stands there once", async (_title, names) => {
    const { coze, chat } = world();
    const somebody = world().someone();
    const links = [linked.moon, linked.noon, linked.mist].map((bytes, n) => server.link(`${n}.png`, bytes));
    const pictures = links.slice(0, names.length).map((link) => `![](${link})`);
    chat.faults.add({ ...fileCall[chat.name], effect: { kind: "hang", applied: true } });
    coze.answer = () => say(`Look:\n\n${pictures.join("\n")}\n\nNice.`);
    chat.say(somebody.person, somebody.room, "Show me.");
    await chat.until("it is taken", () => seenIn(world(), somebody.room).length === 1 + names.length);
    await turnReaches(world().environment.DATABASE_PATH ?? "", world().sessionName(somebody.person), "answered");

    await world().bridge.kill();
    await world().restart();

    await expectSeen(world(), somebody, ["Look:", ...names, "Nice."]);
    await world().ask(somebody.person, somebody.room, "Thanks.");
    expect(seenIn(world(), somebody.room).slice(0, -1)).toEqual(["Look:", ...names, "Nice."]);
  });

  it("when one stands there and the text goes on: all of it is there once, and nothing is fetched again", async () => {
    const { coze, chat } = world();
    const somebody = world().someone();
    const rest = closedGate();
    const [first, second] = [server.link("moon.png", linked.moon), server.link("noon.png", linked.noon)];
    coze.answer = () => [
      ...say(`Look:\n\n![](${first})\n\nIt is bright`),
      gate(rest.opened),
      ...say(` and round.\n\n![](${second})\n\nAnd so on.`),
    ];
    chat.say(somebody.person, somebody.room, "Show me the moon.");
    await chat.until("text behind it", () => seenIn(world(), somebody.room).length === 3);

    await world().bridge.kill();
    await world().restart();
    rest.open();

    await expectSeen(world(), somebody, ["Look:", "[moon]", "It is bright and round.", "[noon]", "And so on."]);
    expect([first, second].map((link) => server.timesOpened(link))).toEqual([1, 1]);
    expect(fileCalls(world(), somebody.room).map(({ status }) => status)).toEqual([200, 200]);
  });

  it("told to stop while one is fetched, and it is there after the restart", async () => {
    const { coze, chat } = world();
    const somebody = world().someone();
    const late = closedGate();
    const link = server.link("moon.png", afterGate(late.opened, linked.moon));
    coze.answer = () => say(`![The moon](${link})\n\nNice.`);
    chat.say(somebody.person, somebody.room, "Show me the moon.");
    await server.opened(link);
    await turnReaches(world().environment.DATABASE_PATH ?? "", world().sessionName(somebody.person), "answered");

    expect(await world().bridge.stop()).toBe(0);
    late.open();
    await world().restart();

    await expectSeen(world(), somebody, ["[moon]", "Nice."]);
  });
});

describeEachPlatform("Sending a picture meets trouble", { environment }, (world, platform) => {
  const { rateLimit, serverError, gatewayPage } = platformFaults[platform];
  const troubles: readonly (readonly [title: string, effect: FaultEffect, times: number])[] = [
    ["the platform asks to wait", rateLimit(2), 1],
    ["the platform fails", serverError, 2],
    ["a gateway fails", gatewayPage, 1],
    ["the connection breaks before it is there", { kind: "reset", applied: false }, 1],
    ["the connection breaks when it is there", { kind: "reset", applied: true }, 1],
  ];

  it.each(troubles)("%s: it stands at its place, once", async (_title, effect, times) => {
    const { coze, chat } = world();
    const somebody = world().someone();
    chat.faults.add({ ...fileCall[chat.name], times, effect });
    const link = server.link("moon.png", linked.moon);
    coze.answer = () => say(`Look:\n\n![The moon](${link})\n\nNice.`);
    chat.say(somebody.person, somebody.room, "Show me the moon.");
    await expectSeen(world(), somebody, ["Look:", "[moon]", "Nice."]);
    expect(server.timesOpened(link)).toBe(1);
    const calls = fileCalls(world(), somebody.room);
    expect(calls.length).toBeGreaterThanOrEqual(effect.kind === "reset" && effect.applied ? 1 : times + 1);
    const [refused, taken] = calls;
    if (refused?.status === 429) expect((taken?.at ?? 0) - refused.at).toBeGreaterThanOrEqual(2000);
  });
});
