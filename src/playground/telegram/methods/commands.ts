import type { BotCommand } from "grammy/types";
import type { BotCommands } from "../bot-commands.ts";
import { lengthOf } from "../formatted-text.ts";
import { Fields, type Parameters } from "../parameters.ts";
import { badRequest } from "../refusal.ts";
import type { Methods } from "./method.ts";

const MAX_COMMANDS = 100;
const SCOPES = ["default", "all_private_chats", "all_group_chats", "all_chat_administrators"];
const CHAT_SCOPES = ["chat", "chat_administrators", "chat_member"];

/** The command menu, for each scope and language (tdlib/td BotCommand.cpp for the checks). */
export function commandMethods(commands: BotCommands): Methods {
  return {
    setMyCommands(parameters) {
      const list = readCommands(parameters);
      const scope = readScope(parameters);
      const language = readLanguage(parameters);
      if (list.length > MAX_COMMANDS) throw badRequest("BOT_COMMANDS_TOO_MUCH");
      if (list.some(({ command }) => !/^[a-z0-9_]+$/.test(command))) throw badRequest("BOT_COMMAND_INVALID");
      commands.set(scope, language, list);
      return true;
    },

    getMyCommands: (parameters) => commands.get(readScope(parameters), readLanguage(parameters)),

    deleteMyCommands(parameters) {
      commands.set(readScope(parameters), readLanguage(parameters), []);
      return true;
    },
  };
}

function readCommands(parameters: Parameters): readonly BotCommand[] {
  const list = parameters.json("commands", "commands") ?? [];
  if (!Array.isArray(list)) throw badRequest("Expected an Array of BotCommand");
  return list.map((value) => {
    const fields = new Fields(value, "Can't parse BotCommand");
    return { command: checkName(fields.text("command")), description: checkDescription(fields.text("description")) };
  });
}

function checkName(text: string): string {
  const name = text.trim().replace(/^\//, "");
  if (name === "") throw badRequest("Command must be non-empty");
  if (lengthOf(name) > 32) throw badRequest("Command length must not exceed 32");
  return name;
}

function checkDescription(text: string): string {
  const description = text.trim();
  if (description === "") throw badRequest("Command description must be non-empty");
  if (lengthOf(description) > 256) throw badRequest("Command description length must not exceed 256");
  return description;
}

/** A key that is the same for the same scope. */
function readScope(parameters: Parameters): string {
  const value = parameters.json("scope", "BotCommandScope");
  if (value === undefined) return "default";
  const fields = new Fields(value, "Can't parse BotCommandScope");
  const type = fields.text("type");
  if (SCOPES.includes(type)) return type;
  if (!CHAT_SCOPES.includes(type)) throw badRequest("Can't parse BotCommandScope: Unsupported type specified");
  const member = type === "chat_member" ? `:${fields.integer("user_id")}` : "";
  return `${type}:${fields.text("chat_id")}${member}`;
}

function readLanguage(parameters: Parameters): string {
  const language = parameters.text("language_code");
  if (!/^(?:[a-z]{2})?$/.test(language)) throw badRequest("Invalid language code specified");
  return language;
}
