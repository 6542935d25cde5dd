/** What a call counts as. Chat actions and drafts are `presence`. */
export type LimitedCall = "send" | "edit" | "delete" | "presence";

/** Any `perMs` milliseconds have room for `count` calls. */
export interface WindowMeter {
  readonly kind: "window";
  readonly count: number;
  readonly perMs: number;
}

/** `burst` calls at once, then one every `refillMs`. */
export interface BucketMeter {
  readonly kind: "bucket";
  readonly burst: number;
  readonly refillMs: number;
}

/** What follows a breach: nothing of the budget may be called for a while, and longer for the next breach. */
export interface Penalty {
  /** The first breach, the second one, …; the last value stays. */
  readonly stepsMs: readonly number[];
  /** So long after a breach the next one counts as the first again. */
  readonly forgottenAfterMs: number;
  /** More calls than this while a penalty lasts are a further breach. Default: they change nothing. */
  readonly toleratedCalls?: number;
}

/** Calls that are counted together. */
export interface Budget {
  readonly calls: readonly LimitedCall[];
  /** Each private chat has its own, each group has its own (with all its topics), or there is one for the bot. */
  readonly scope: "private" | "group" | "bot";
  readonly meters: readonly (WindowMeter | BucketMeter)[];
  /** Without one a refused call waits until the meters have room. */
  readonly penalty?: Penalty;
  /** Texts of more code points than `over` count `cost` times. */
  readonly longText?: { readonly over: number; readonly cost: number };
}

export interface LimitProfile {
  readonly name: string;
  readonly budgets: readonly Budget[];
}

const MESSAGES = ["send", "edit"] as const;
const MESSAGES_AND_DELETIONS = ["send", "edit", "delete"] as const;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** core.telegram.org/api/bots/ai: drafts and chat actions, 20 in 5 s and 40 in 30 s for each chat. */
const PRESENCE = [
  { kind: "window", count: 20, perMs: 5 * SECOND },
  { kind: "window", count: 40, perMs: 30 * SECOND },
] as const;

const presenceBudgets: readonly Budget[] = [
  { calls: ["presence"], scope: "private", meters: PRESENCE },
  { calls: ["presence"], scope: "group", meters: PRESENCE },
];

const defaultPenalty: Penalty = {
  stepsMs: [30 * SECOND, 60 * SECOND, 120 * SECOND, 240 * SECOND, 280 * SECOND],
  forgottenAfterMs: 10 * MINUTE,
};

/**
 * Telegram publishes no exact limits. This model fits the FAQ (one message a second in a chat, bursts allowed; 20 a
 * minute in a group; 30 a second in all; long texts sooner), what its developers say (sends and edits share one
 * budget) and the penalties of 30 to 280 s that streaming bots report.
 */
const standard: LimitProfile = {
  name: "standard",
  budgets: [
    {
      calls: MESSAGES,
      scope: "private",
      meters: [{ kind: "bucket", burst: 20, refillMs: SECOND }],
      penalty: defaultPenalty,
      longText: { over: 500, cost: 2 },
    },
    {
      calls: MESSAGES,
      scope: "group",
      meters: [{ kind: "window", count: 20, perMs: MINUTE }],
      penalty: defaultPenalty,
      longText: { over: 500, cost: 2 },
    },
    {
      calls: MESSAGES,
      scope: "bot",
      meters: [{ kind: "window", count: 30, perMs: SECOND }],
      penalty: defaultPenalty,
    },
    ...presenceBudgets,
  ],
};

const perSecond: WindowMeter = { kind: "window", count: 3, perMs: SECOND };

const documentedBudgets: readonly Budget[] = [
  {
    calls: MESSAGES_AND_DELETIONS,
    scope: "private",
    meters: [{ kind: "window", count: 60, perMs: MINUTE }, perSecond],
  },
  {
    calls: MESSAGES_AND_DELETIONS,
    scope: "group",
    meters: [{ kind: "window", count: 20, perMs: MINUTE }, perSecond],
  },
];

const botBudget: Budget = {
  calls: MESSAGES_AND_DELETIONS,
  scope: "bot",
  meters: [{ kind: "window", count: 30, perMs: SECOND }],
};

/** Penalties as production logs have them: 18 to 35, 126 to 137, 200 to 250, 503 s. */
const fieldPenalty: Penalty = {
  stepsMs: [30 * SECOND, 135 * SECOND, 503 * SECOND],
  forgottenAfterMs: 10 * MINUTE,
  toleratedCalls: 3,
};

/** The models of Telegram's limits that the emulator knows by name. */
export const limitProfiles = {
  standard,
  /** What the documentation says, and no penalty: a refused call may come again as soon as there is room. */
  documented: { name: "documented", budgets: [...documentedBudgets, botBudget, ...presenceBudgets] },
  /** As `documented`, and a breach closes the chat for long, as reports from production have it. */
  penalties: {
    name: "penalties",
    budgets: [
      ...documentedBudgets.map((budget) => ({ ...budget, penalty: fieldPenalty })),
      botBudget,
      ...presenceBudgets,
    ],
  },
  /** As `documented`, but edits in a group have a budget of their own, 30 a minute, as one report has it. */
  lenientGroupEdits: {
    name: "lenientGroupEdits",
    budgets: [
      ...documentedBudgets.filter((budget) => budget.scope === "private"),
      { calls: ["send", "delete"], scope: "group", meters: [{ kind: "window", count: 20, perMs: MINUTE }, perSecond] },
      { calls: ["edit"], scope: "group", meters: [{ kind: "window", count: 30, perMs: MINUTE }] },
      botBudget,
      ...presenceBudgets,
    ],
  },
} as const satisfies Readonly<Record<string, LimitProfile>>;
