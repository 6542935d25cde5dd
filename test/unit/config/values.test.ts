import { expect, test } from "vitest";
import { readAdminUsers } from "../../../src/config/admin-users.ts";
import { readButtons } from "../../../src/config/buttons.ts";
import { readFileParameters } from "../../../src/config/coze-file-parameters.ts";
import type { Environment } from "../../../src/config/env.ts";
import { readMediaHosts } from "../../../src/config/media-hosts.ts";
import { Settings } from "../../../src/config/settings.ts";

test.each<[Environment, (settings: Settings) => unknown, unknown]>([
  [{ BUTTONS: "stop," }, readButtons, new Set(["stop"])],
  [{ BUTTONS: "none," }, readButtons, new Set()],
  [{ ADMIN_USERS: ",telegram:42 ,, discord:7" }, readAdminUsers, new Set(["telegram:42", "discord:7"])],
  [{ MEDIA_PRIVATE_HOSTS: "minio.lan:9000," }, (settings) => readMediaHosts(settings)?.("minio.lan", 9000), true],
  [{ COZE_WORKFLOW_ID: "7", COZE_FILE_PARAMETERS: "image:picture," }, readFileParameters, { image: "picture" }],
])("a comma too many does no harm: %j", (env, read, value) => {
  const settings = new Settings(env);
  expect(read(settings)).toEqual(value);
  expect(settings.problems).toEqual([]);
});
