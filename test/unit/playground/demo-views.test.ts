import { afterEach, beforeEach, expect, test } from "vitest";
import { LiveColumns } from "../../../src/playground/demo/live-columns.ts";
import { sunset, teapotIn } from "../../../src/playground/demo/teapot.ts";
import { TimedLines } from "../../../src/playground/demo/timed-lines.ts";
import { Exchange } from "../../../src/playground/exchange.ts";
import { Seat } from "../../../src/playground/seat.ts";
import { startTelegramEmulator, type TelegramEmulator } from "../../../src/playground/telegram/index.ts";
import { Screen } from "../../../src/playground/terminal/screen.ts";
import { TerminalModel } from "./terminal-model.ts";

let telegram: TelegramEmulator;
let exchange: Exchange;

beforeEach(async () => {
  telegram = await startTelegramEmulator({ limits: "off" });
  exchange = new Exchange(new Seat(telegram, { title: "Telegram", maxLength: 4096, locale: "en" }));
  exchange.send(teapotIn(sunset), "What is this?");
  const form = new FormData();
  form.set("chat_id", exchange.seat.room.id);
  form.set("photo", new Blob([new Uint8Array(teapotIn(sunset).bytes)]), "pot.png");
  form.set("caption", "A pot.");
  form.set("reply_markup", JSON.stringify({ inline_keyboard: [row("Yes", "No"), row("Who asks?")] }));
  await fetch(`${telegram.apiRoot}/bot${telegram.token}/sendPhoto`, { method: "POST", body: form });
});
afterEach(() => telegram.close());

function row(...labels: string[]) {
  return labels.map((text) => ({ text, callback_data: text }));
}

test("in timed lines a file stands before its text, and buttons have a line of their own", () => {
  let output = "";
  const view = new TimedLines((text) => {
    output += text;
  });
  view.begin("A picture", [exchange]);
  exchange.press("No");
  view.end([]);
  expect(output).toMatch(/Ann +\+\S+s {2}\[picture teapot\.png, \d kB\] What is this\?\n/);
  expect(output).toMatch(/Bot +\+\S+s {2}message 1 {2}rev 1 +\[picture pot\.png, \d kB\] +6 characters {2}A pot\.\n/);
  expect(output).toMatch(/Bot +\+\S+s {2}message 1 {2}buttons {2}\[ Yes \] \[ No \] \[ Who asks\? \]\n/);
  expect(output).toMatch(/Ann +\+\S+s {2}presses \[ No \]\n/);
});

test("in columns a file stands above its text, and rows of buttons below", () => {
  const terminal = new TerminalModel(80, 24);
  const view = new LiveColumns(new Screen(terminal));
  view.begin("A picture", [exchange]);
  view.end([]);
  view.close();
  const screen = terminal.all.map((line) => line.trim()).join("\n");
  expect(screen).toMatch(/Ann {2}\[picture teapot\.png, \d kB\] What is this\?\n/);
  expect(screen).toMatch(/Bot {2}\[picture pot\.png, \d kB\]\nA pot\.\n\[ Yes \] \[ No \]\n\[ Who asks\? \]\n/);
});
