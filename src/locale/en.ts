/** Everything the bridge says to people by itself. The keys are defined here; every other language satisfies them. */
export const en = {
  newDone: "Started over. I remember nothing of what we said before.",
  newFailed:
    "I could not start over: Coze did not answer. Our conversation is unchanged. Please try /new again in a moment.",
  stopDone: "Stopped.",
  stopNothing: "There is nothing to stop.",
  help: "Write to me and I answer; what you write goes to an AI agent.\nIn groups, mention me or reply to one of my messages.\n\n/new – start over, forget our conversation\n/stop – stop the answer being written\n/help – this text",
  start: "Hello! Write to me and I answer. /new starts over, /stop stops an answer, /help says more.",
  unknownCommand: "I don't know this command. /help lists those that I know.",
  describeNew: "Start over: forget our conversation",
  describeStop: "Stop the answer being written",
  describeHelp: "What I can do",

  emptyMessage: "I received no text. Please write your question as text.",
  queued: "⏳ I am still answering the message before; yours is next.",
  memoryLost: "ℹ️ Coze no longer has our earlier conversation, so this is a new one.",
  stoppedHere: "⏹ Stopped.",
  restarted: "⚠️ I was restarted while answering, and the rest of this answer is lost.",
  streamLost: "⏳ The connection to the agent was lost. The rest follows as soon as the agent has finished.",
  timedOut: "⚠️ The agent took too long, so I stopped it.",
  tooMany: "⚠️ That was too many messages at once. I left out the last ones; please wait for my answers first.",
  tooOld: "⚠️ I was away for a long time and did not answer this. Please ask again if it still matters.",
  emptyAnswer: "⚠️ The agent gave an empty answer. Please ask again, or differently.",
  needsTools: "⚠️ The agent wants to use a tool that is not available here, so it can't finish this answer.",
  cancelled: "⚠️ The answer was cancelled on Coze. Please ask again.",

  retry: "🔁 Try again",
  buttonExpired: "This button no longer works.",

  failedAuthentication: "⚠️ I can't reach the agent: its access was refused. Please tell the person who runs this bot.",
  failedBusy: "⚠️ Another answer of this conversation is still running. Please try again in a moment, or use /new.",
  failedQuota: "⚠️ The agent's quota is used up. Please tell the person who runs this bot, or try again tomorrow.",
  failedRateLimit: "⚠️ Too many people are asking at the moment. Please try again in a minute.",
  failedAgent:
    "⚠️ The agent is not available: it may be unpublished or set up wrongly. Please tell the person who runs this bot.",
  failedRejected:
    "⚠️ The agent can't take this message: it may be too long or not allowed. Please ask differently, or use /new.",
  failedService: "⚠️ The agent failed while answering. Please try again.",
  failedInterrupted: "⚠️ The connection to the agent broke before the answer was complete. Please try again.",
  failedNetwork: "⚠️ I can't reach the agent right now. Please try again in a minute.",
  failedInside: "⚠️ Something went wrong here. Please try again.",
} as const;

export type Words = Readonly<Record<keyof typeof en, string>>;
