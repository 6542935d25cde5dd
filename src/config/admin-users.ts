import type { Settings } from "./settings.ts";
import { quote } from "./settings.ts";
import { readList } from "./values.ts";

/** Who may look into the bridge: `telegram:<user id>` and `discord:<user id>`, with commas. */
export function readAdminUsers(settings: Settings): ReadonlySet<string> {
  const users = readList(settings, "ADMIN_USERS");
  for (const user of users) {
    if (/^(telegram|discord):\d{1,20}$/.test(user)) continue;
    const problem = `Expected telegram:<user id> or discord:<user id>; got ${quote(user)}.`;
    settings.refuse("ADMIN_USERS", problem, "For example telegram:123456789,discord:112233445566778899.");
  }
  return new Set(users);
}
