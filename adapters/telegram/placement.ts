import type { OutgoingMessage, Target } from "../../src/adapter.ts";
import { chatAddress } from "./address.ts";

/** The parameter of a call that names the topic to write in. */
export function threadOf(target: Target) {
  const { thread } = chatAddress(target);
  return thread === undefined ? {} : { message_thread_id: thread };
}

/** The parameters of a call that sends: the topic, and the message that is answered. */
export function placementOf(target: Target, { reply }: Pick<OutgoingMessage, "reply">) {
  const { replyTo } = chatAddress(target);
  if (!reply || replyTo === undefined) return threadOf(target);
  return { ...threadOf(target), reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } };
}
