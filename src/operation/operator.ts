import type { Clock } from "../clock.ts";
import { CozeError } from "../coze/errors.ts";
import { PlatformError } from "../errors.ts";
import { StoreError } from "../store/errors.ts";

/** What the operator alone can mend, in English and Chinese: the operator's language is not known. */
export const operatorSentences = {
  quota: {
    en: "⚠️ The quota on Coze is used up, so people get no answers. Top it up, or wait until it is renewed.",
    zh: "⚠️ Coze 额度已用完，用户得不到回答。请充值，或等待额度恢复。",
  },
  arrears: {
    en: "⚠️ The Coze account is in arrears, so people get no answers. Settle the bill.",
    zh: "⚠️ Coze 账号已欠费，用户得不到回答。请尽快缴费。",
  },
  authentication: {
    en: "⚠️ Coze refuses the access of the bridge, so people get no answers. Check the OAuth app or the token: coze-bridge check.",
    zh: "⚠️ Coze 拒绝了访问，用户得不到回答。请检查 OAuth 应用或令牌：coze-bridge check。",
  },
  agent: {
    en: "⚠️ The agent on Coze is not available, so people get no answers. Publish it to the API channel and check its id.",
    zh: "⚠️ Coze 上的智能体不可用，用户得不到回答。请发布到 API 渠道，并检查其 ID。",
  },
  flow: {
    en: "⚠️ The chatflow on Coze can't be run, so people get no answers. Publish it and check its ids and its start node.",
    zh: "⚠️ Coze 上的对话流无法运行，用户得不到回答。请发布对话流，并检查其 ID 和开始节点。",
  },
  store: {
    en: "⚠️ The database can't be read or written. The log says why.",
    zh: "⚠️ 数据库无法读写，原因见日志。",
  },
  platform: {
    en: "⚠️ Nothing arrives from a platform, or it refuses the bot. Check the bot's token and its settings there; the log says more.",
    zh: "⚠️ 收不到某个聊天平台的消息，或平台拒绝了机器人。请检查机器人的令牌和平台上的设置，详情见日志。",
  },
} as const satisfies Record<string, { readonly en: string; readonly zh: string }>;

export type OperatorConcern = keyof typeof operatorSentences;

export interface OperatorNoticesParts {
  readonly clock: Pick<Clock, "now">;
  readonly logger: OperatorLogger;
  /** Writes into the operator's chat, when there is one. */
  readonly say?: (text: string) => Promise<void>;
}

interface OperatorLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Tells the operator of each concern once an hour at most, however many messages it hits. */
export class OperatorNotices {
  readonly #parts: OperatorNoticesParts;
  readonly #told = new Map<OperatorConcern, { readonly at: number; silent: number }>();

  constructor(parts: OperatorNoticesParts) {
    this.#parts = parts;
  }

  /** `details` go into the log: an error under `err`, ids; never what people wrote. Never throws. */
  report(concern: OperatorConcern, details: object = {}): void {
    const at = this.#parts.clock.now();
    const last = this.#told.get(concern);
    if (last && at - last.at < hourMs) {
      last.silent += 1;
      return;
    }
    this.#told.set(concern, { at, silent: 0 });
    const times = (last?.silent ?? 0) + 1;
    this.#parts.logger.error({ ...details, concern, times }, "the operator must act");
    void this.#say(concern, times);
  }

  async #say(concern: OperatorConcern, times: number): Promise<void> {
    const { en, zh } = operatorSentences[concern];
    const count = times > 1 ? ` (×${times})` : "";
    try {
      await this.#parts.say?.(`${en}${count}\n${zh}${count}`);
    } catch (err) {
      this.#parts.logger.warn({ concern, err }, "could not tell the operator in the chat");
    }
  }
}

const hourMs = 3_600_000;

/** What an error means for the operator; nothing when there is nothing to mend. */
export function concernOf(error: unknown): OperatorConcern | undefined {
  if (error instanceof StoreError) return "store";
  if (error instanceof PlatformError)
    return error.code === "forbidden" && error.status === 401 ? "platform" : undefined;
  if (!(error instanceof CozeError)) return undefined;
  if (error.kind === "authentication") return "authentication";
  if (error.kind === "quota") return arrears.includes(error.code) ? "arrears" : "quota";
  if (error.kind !== "agent-unavailable") return undefined;
  return error.endpoint.includes("/workflows/") ? "flow" : "agent";
}

/** Of the account at Volcano Engine, and of the model's account (Coze docs coze_error_codes). */
const arrears = [4019, 4022];
