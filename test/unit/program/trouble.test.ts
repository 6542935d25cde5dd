import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { describeTrouble } from "../../../src/program/trouble.ts";
import { StoreError } from "../../../src/store/errors.ts";

const problem = (variable: string) => ({ variable, problem: "It is not set.", next: "Set it." });

describe("what the operator reads when the program can't go on", () => {
  it("names the one setting to change", () => {
    expect(describeTrouble(new ConfigError([problem("COZE_BOT_ID")]))).toEqual({
      text: "coze-bridge can't run like this. One setting needs a change:\n\n  COZE_BOT_ID\n    It is not set.\n    Set it.\n\n",
      exitCode: 2,
    });
  });

  it("names all settings to change", () => {
    const { text, exitCode } = describeTrouble(new ConfigError([problem("COZE_BOT_ID"), problem("DISCORD_TOKEN")]));
    expect(text).toContain("2 settings need a change");
    expect(text).toMatch(/COZE_BOT_ID\n {4}It is not set\.\n {4}Set it\.\n\n {2}DISCORD_TOKEN\n/);
    expect(exitCode).toBe(2);
  });

  it("is the store's own sentence, without a stack", () => {
    const error = new StoreError("ERR_STORE_READ_ONLY", { path: "/data/bridge.db" });
    expect(describeTrouble(error)).toEqual({ text: `${error.message}\n`, exitCode: 2 });
    expect(error.message).toContain("/data/bridge.db");
  });

  it("is the stack of anything else, with exit code 1", () => {
    const error = new Error("a bug");
    const { text, exitCode } = describeTrouble(error);
    expect(text).toContain("Error: a bug\n");
    expect(text).toContain("trouble.test");
    expect(exitCode).toBe(1);
  });

  it("is what was thrown when that is no error", () => {
    expect(describeTrouble("just text")).toEqual({ text: "just text\n", exitCode: 1 });
  });

  it("holds no secret", () => {
    const token = "7461203958:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
    const { text } = describeTrouble(new Error(`request to https://api.telegram.org/bot${token}/getMe failed`));
    expect(text).not.toContain("AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw");
  });
});
