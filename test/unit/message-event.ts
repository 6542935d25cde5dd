import type { MessageEvent } from "../../src/adapter.ts";
import { inboxOf } from "./inbox.ts";
import type { LiveBridge } from "./live-bridge.ts";

/** What the adapter makes of a message, without the bridge knowing of it. */
export async function messageEvent(live: LiveBridge, text: string): Promise<MessageEvent> {
  const event = await new Promise<MessageEvent>((resolve, reject) => {
    const accept = async (offered: unknown) => resolve(offered as MessageEvent);
    live.adapter.start(inboxOf(accept)).then(() => live.say(text), reject);
  });
  await live.adapter.stopReceiving();
  return event;
}
