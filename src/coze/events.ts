/**
 * What a Coze answer is made of, in the bridge's own words. The client turns both endpoints, both wire dialects and
 * every message type into these, in the order in which they arrived.
 */
export type AnswerEvent =
  /**
   * Always first: the run exists on Coze and may be billed; nothing may be sent again from here on. `logid` is what Coze's
   * support asks for.
   */
  | { readonly type: "created"; readonly chatId: string; readonly conversationId: string; readonly logid?: string }
  /** More text of the answer message `messageId`. */
  | { readonly type: "delta"; readonly messageId: string; readonly text: string }
  /** More of the model's reasoning; never a part of the answer. */
  | { readonly type: "reasoning"; readonly messageId: string; readonly text: string }
  /** The whole text of an answer message; wins over its joined deltas. */
  | { readonly type: "message"; readonly messageId: string; readonly text: string }
  /** A suggested next question. */
  | { readonly type: "follow-up"; readonly text: string }
  /** A plugin or workflow of the agent runs on Coze's side. */
  | { readonly type: "tool"; readonly name: string }
  /** End: the flow asks the person; the next question of the conversation is the reply. */
  | { readonly type: "waiting"; readonly for: "reply" }
  /** End: the run waits for the results of client-side tools. */
  | { readonly type: "waiting"; readonly for: "tools"; readonly calls: readonly ToolCall[] }
  /** The answer as speech, piece by piece, where an agent sends it: after the end of the run. */
  | { readonly type: "audio"; readonly data: Uint8Array; readonly format: "pcm" | "opus" }
  /** End: the run was cancelled on Coze. */
  | { readonly type: "cancelled" }
  /** End: the run is complete. `tokens` is how many it used, as Coze counted them. */
  | { readonly type: "completed"; readonly tokens?: number }
  /** After the end, in chatflow mode: where Coze shows the run to its author, for seven days. */
  | { readonly type: "debug"; readonly url: string };

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}
