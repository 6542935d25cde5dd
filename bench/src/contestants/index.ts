import type { Contestant } from "./contestant.ts";

export const contestantNames = ["ours", "ours-draft", "chat", "chat-draft", "naive", "idle"] as const;
export type ContestantName = (typeof contestantNames)[number];

/** Only what is measured is loaded, so that no contestant pays for another one's packages. */
export async function contestantOf(name: ContestantName, isUnlimited: boolean): Promise<Contestant> {
  switch (name) {
    case "ours":
      return (await import("./ours.ts")).ours({ isUnlimited });
    case "ours-draft":
      return (await import("./ours.ts")).ours({ isUnlimited, streamMode: "draft" });
    case "chat":
      return (await import("./chat.ts")).chat;
    case "chat-draft":
      return (await import("./chat.ts")).chatWithDrafts;
    case "naive":
      return (await import("./naive.ts")).naive;
    case "idle":
      return (await import("./idle.ts")).idle;
  }
}
