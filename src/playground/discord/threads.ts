import type { Channel } from "./community.ts";
import { channelEvent } from "./gateway-events.ts";
import type { World } from "./world.ts";

/** A message in an archived thread opens it again (Discord docs, threads). */
export function openThread(world: World, thread: Channel): void {
  if (thread.threadState === "archived") setThreadState(world, thread, "active");
}

export function setThreadState(world: World, thread: Channel, state: Channel["threadState"]): void {
  thread.threadState = state;
  world.tell(thread, channelEvent("THREAD_UPDATE", thread, world.community.bot));
}
