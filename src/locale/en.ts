/** Everything the bridge says to people by itself. The keys are defined here; every other language satisfies them. */
export const en = {
  newDone: "Started over. I remember nothing of what we said before.",
  newFailed:
    "I could not start over: Coze did not answer. Our conversation is unchanged. Please try /new again in a moment.",
  stopDone: "Stopped.",
  stopNothing: "There is nothing to stop.",
  help: "Write to me and I answer; what you write goes to an AI agent.\nPictures, files and voice messages are fine, too. In groups, mention me or reply to one of my messages.\n\n/new – start a new conversation\n/stop – stop the answer being written\n/retry – ask your last question again\n/conversations – your conversations\n/forget – delete everything about you\n/help – this text",
  start: "Hello! Write to me and I answer. /new starts over, /stop stops an answer, /help says more.",
  unknownCommand: "I don't know this command. /help lists those that I know.",
  describeNew: "Start a new conversation",
  describeStop: "Stop the answer being written",
  describeRetry: "Ask your last question again",
  describeHelp: "What I can do",

  emptyMessage:
    "There is nothing in that message that I can answer. Please write, or send a picture, a file or a voice message.",
  fileTooLarge: "⚠️ That file is too large: I take files of up to {limit} MB.",
  fileType:
    "⚠️ I can't read that kind of file. I can read pictures, PDF, Word, Excel, PowerPoint and CSV files, sound, video and archives.",
  fileUnavailable: "⚠️ I could not get the file that you sent. Please send it again.",
  voiceUnheard: "⚠️ I could not understand the voice message. Please say it again, or write it.",
  voiceUnavailable: "⚠️ I can't listen to voice messages here. Please write.",
  queued: "⏳ I am still answering the message before; yours is next.",
  memoryLost: "ℹ️ Coze no longer has our earlier conversation, so this is a new one.",
  startedAfresh:
    "ℹ️ We had not talked for a while, so this is a new conversation. /conversations leads back to the earlier one.",
  startedAfreshCleared: "ℹ️ We had not talked for a while, so this is a new conversation.",
  stoppedHere: "⏹ Stopped.",
  restarted: "⚠️ I was restarted while answering, and the rest of this answer is lost.",
  streamLost: "⏳ The connection to the agent was lost. The rest follows as soon as the agent has finished.",
  timedOut: "⚠️ The agent took too long, so I stopped it.",
  tooMany: "⚠️ That was too many messages at once. I left out the last ones; please wait for my answers first.",
  tooOld: "⚠️ I was away for a long time and did not answer this. Please ask again if it still matters.",
  emptyAnswer: "⚠️ The agent gave an empty answer. Please ask again, or differently.",
  toolRounds: "⚠️ The agent went on calling tools without coming to an end, so I stopped it.",
  cancelled: "⚠️ The answer was cancelled on Coze. Please ask again.",

  usesTool: "🔧 Using",
  stop: "⏹ Stop",
  retryNothing: "There is no question to ask again.",
  notYourQuestion: "The agent has asked somebody else something and waits for that answer.",
  retry: "🔁 Try again",
  describeConversations: "Your conversations: go on in another one, rename or delete one",
  describeConversation: "Number or title; or: rename 2 New title; or: delete 2",
  describeForget: "Delete everything about you",
  conversationsNone: "We have no conversation yet.",
  conversationsUnknown:
    "I can't find that conversation. /conversations lists yours; /conversations 2 goes on in the second one.",
  conversationsHow:
    "/conversations 2 goes on in the second one; /conversations rename 2 New title names it, /conversations delete 2 deletes it.",
  conversationUntitled: "Conversation of",
  conversationUsed: "We go on in that conversation.",
  conversationRenamed: "Renamed.",
  conversationDeleted: "Deleted, on Coze too.",
  conversationDrop: "Delete this conversation, on Coze too?",
  conversationDropYes: "🗑 Delete",
  conversationNotDeleted: "Coze did not delete it, so I kept it. Please try again later.",
  forgetAsk:
    "This deletes your conversations on Coze and everything about you that I keep: your messages and my answers. Messages in this chat stay, and so does what you said in conversations shared with others. Files that you sent stay on Coze for three months at most, and Coze may keep logs and backups for a while.",
  forgetYes: "Delete everything",
  forgetDone: "Done. I keep nothing about you any more.",
  forgetPartly:
    "Here everything about you is deleted, but Coze did not delete some of your conversations. Please tell the person who runs this bot.",

  describeDebug: "What the last question was on Coze (for the operator)",
  debugNothing: "There is no question yet.",
  debugOutcome: "outcome",
  debugTokens: "tokens",
  debugFirstText: "first text after",
  debugTime: "total time",
  notRated: "Coze did not take your rating. Please try again later.",
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
