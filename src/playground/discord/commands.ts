import type { Channel } from "./community.ts";
import { FormErrors } from "./refusals.ts";

export interface CommandOption {
  readonly type: number;
  readonly name: string;
  readonly required: boolean;
  /** Whether the bot is asked what to offer while it is typed. */
  readonly autocomplete: boolean;
}

/** A command that the bot registered: for one guild, or everywhere. */
export interface RegisteredCommand {
  readonly id: string;
  readonly name: string;
  readonly options: readonly CommandOption[];
  /** As the API returns it. */
  readonly json: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** Lower case, and no spaces (Discord docs, application command naming). */
const namePattern = /^[-_'\p{Ll}\p{Lo}\p{Lm}\p{N}]{1,32}$/u;
const locales = new Set(
  "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko".split(
    " ",
  ),
);
const everywhere = "";

/** The slash commands that the bot registered. */
export class Commands {
  readonly #nextId: () => string;
  readonly #byGuild = new Map<string, readonly RegisteredCommand[]>();

  constructor(nextId: () => string) {
    this.#nextId = nextId;
  }

  /** Bulk overwrite: what is not in the list is gone; a name that stays keeps its id. */
  overwrite(
    applicationId: string,
    guildId: string | undefined,
    list: readonly unknown[],
  ): readonly RegisteredCommand[] {
    const known = this.list(guildId);
    const fields = list.map(asFields);
    check(fields);
    const commands = fields.map((command): RegisteredCommand => {
      const id = known.find((c) => c.name === command.name)?.id ?? this.#nextId();
      const place = { id, application_id: applicationId, ...(guildId ? { guild_id: guildId } : {}) };
      return {
        id,
        name: String(command.name),
        options: (asList(command.options) ?? []).map(readOption),
        json: { ...defaults, ...command, ...place, version: this.#nextId() },
      };
    });
    this.#byGuild.set(guildId ?? everywhere, commands);
    return commands;
  }

  list(guildId: string | undefined): readonly RegisteredCommand[] {
    return this.#byGuild.get(guildId ?? everywhere) ?? [];
  }

  /** What a person is offered in a channel. A guild's command hides the global one of its name. */
  offeredIn(channel: Channel): readonly RegisteredCommand[] {
    const ofGuild = channel.guild ? this.list(channel.guild.id) : [];
    const context = channel.guild ? 0 : 1;
    const global = this.list(undefined).filter((command) => {
      const contexts = asList(command.json.contexts);
      if (contexts) return contexts.includes(context);
      return channel.guild !== undefined || command.json.dm_permission !== false;
    });
    return [...ofGuild, ...global.filter((command) => !ofGuild.some((own) => own.name === command.name))];
  }

  names(): readonly string[] {
    return [...new Set([...this.#byGuild.values()].flat().map((command) => command.name))];
  }
}

const defaults = {
  type: 1,
  default_member_permissions: null,
  nsfw: false,
  name_localizations: null,
  description_localizations: null,
  contexts: null,
  integration_types: [0],
};

function check(commands: readonly Fields[]): void {
  const errors = new FormErrors();
  for (const [index, command] of commands.entries()) {
    const name = String(command.name ?? "");
    if (!namePattern.test(name)) {
      errors.add([index, "name"], "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
    if (commands.findIndex((other) => other.name === name) !== index) {
      errors.add([index], "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
    }
    checkDescriptions(command, [index], errors);
    for (const [at, option] of (asList(command.options) ?? []).map(asFields).entries()) {
      checkOption(option, [index, "options", at], errors);
    }
  }
  errors.throwIfAny();
}

function checkOption(option: Fields, path: Path, errors: FormErrors): void {
  if (!namePattern.test(String(option.name ?? ""))) {
    errors.add([...path, "name"], "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
  }
  checkDescriptions(option, path, errors);
  if (option.autocomplete === true && asList(option.choices)?.length) {
    errors.add(path, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", "Autocomplete options can have no choices");
  }
}

function checkDescriptions(described: Fields, path: Path, errors: FormErrors): void {
  checkDescription(described.description, [...path, "description"], errors);
  for (const [locale, description] of Object.entries(asFields(described.description_localizations))) {
    const place = [...path, "description_localizations", locale];
    if (!locales.has(locale)) errors.add(place, "ENUM_TYPE_COERCE", `Value "${locale}" is not a valid enum value.`);
    checkDescription(description, place, errors);
  }
}

function checkDescription(value: unknown, path: Path, errors: FormErrors): void {
  if (typeof value !== "string" || value === "") {
    errors.add(path, "BASE_TYPE_REQUIRED", "This field is required");
  } else if ([...value].length > 100) {
    errors.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
  }
}

function readOption(value: unknown): CommandOption {
  const option = asFields(value);
  return {
    type: Number(option.type),
    name: String(option.name),
    required: option.required === true,
    autocomplete: option.autocomplete === true,
  };
}

function asFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
