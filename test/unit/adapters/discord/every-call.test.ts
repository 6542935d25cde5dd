import { expect, it } from "vitest";
import type { Target } from "../../../../src/adapter.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { message, stored } from "./bridge-side.ts";
import { answerRemoval, type Chat, command, create, followUp, original, removal, update } from "./chat.ts";

const creates = [create, followUp];
const contentCalls = [...creates, update, original];

it("pings nobody, previews no link and can be repeated, in every call that carries a text", async () => {
  const clock = createManualClock();
  const c = await command("group", { clock });
  const privately = c.target;
  const [said] = c.bridge.events;
  if (!said) throw new Error("nothing arrived");
  await exercise(c, said.target);
  await exercise(c, privately);
  await clock.advance(15 * 60_000);
  await exercise(c, privately);
  const calls = c.discord.calls.filter(({ method }) => contentCalls.includes(method));
  expect(new Set(c.discord.calls.map(({ method }) => method))).toEqual(
    expect.toSatisfy((methods: Set<string>) => [...contentCalls, removal, answerRemoval].every((m) => methods.has(m))),
  );
  for (const { method, parameters } of calls) {
    expect(parameters, method).toMatchObject({ allowed_mentions: { parse: [], replied_user: false } });
    if (creates.includes(method)) expect(Number(parameters.flags) & 4, method).toBe(4);
    if (method === create) expect(parameters).toMatchObject({ nonce: expect.any(String), enforce_nonce: true });
  }
  const nonces = calls.filter(({ method }) => method === create).map(({ parameters }) => parameters.nonce);
  expect(new Set(nonces).size).toBe(nonces.length);
});

/** Everything that can be done to an answer of two messages. */
async function exercise({ bridge }: Pick<Chat, "bridge">, target: Target): Promise<void> {
  const first = stored(await bridge.adapter.post(target, message("@everyone https://a.b", { reply: true })));
  const second = stored(await bridge.adapter.post(target, message("@here https://a.b")));
  for (const ref of [first, second]) await bridge.adapter.edit(ref, message("<@1> https://c.d"));
  await bridge.adapter.delete(second);
}
