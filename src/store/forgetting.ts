import type { DatabaseCalls } from "./database-calls.ts";
import type { Statements } from "./statements.ts";
import type { KnownPerson, PersonConversation } from "./store.ts";
import type { Sweeper } from "./sweeper.ts";

export interface ForgettingParts {
  readonly calls: DatabaseCalls;
  readonly statements: Statements;
  readonly sweeper: Sweeper;
}

/** {@link Store.forgetPerson}. The conversations go last: until then it can be done again, and tells them. */
export async function forgetPerson(person: KnownPerson, parts: ForgettingParts): Promise<PersonConversation[]> {
  const { calls, sweeper } = parts;
  await calls.repeat(() => forgetEvents(person, parts));
  if (calls.isClosing) throw new Error("The store was closed before the person was forgotten.");
  const conversations = await calls.write(() => forgetConversations(person, parts));
  // Without space on the disk, say. The next `prune` makes up for it.
  await sweeper.sweep().catch(() => undefined);
  return conversations;
}

/** Some events with all that came of them. */
function forgetEvents({ platform, authorId }: KnownPerson, { statements, sweeper }: ForgettingParts): number {
  const ids = statements.eventsOf.all({ platform, authorId, count: eventCount });
  const events = { platform, events: JSON.stringify(ids) };
  sweeper.noteTraces();
  statements.forgetTitles.run(events);
  statements.forgetTurnMessages.run(events);
  statements.forgetTurns.run(events);
  statements.anonymiseLastOfGroups.run(events);
  statements.forgetEvents.run(events);
  return ids.length;
}

function forgetConversations(person: KnownPerson, { statements }: ForgettingParts): PersonConversation[] {
  const own = { sessionNames: JSON.stringify(person.sessionNames) };
  const conversations = statements.conversationsOf.all(own);
  statements.leaveConversationsOf.run(own);
  statements.unlistConversationsOf.run(own);
  return conversations;
}

/** In one transaction, so that nothing else waits long for its turn. */
const eventCount = 200;
