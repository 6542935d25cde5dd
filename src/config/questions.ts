import type { ContextTemplates } from "../context/question-context.ts";
import type { CozeMode } from "../coze/agent.ts";
import type { FileParameters } from "../coze/question-messages.ts";
import { readFileParameters } from "./coze-file-parameters.ts";
import { readFileLimit } from "./file-limit.ts";
import { readQuestionContext } from "./question-context.ts";
import type { Settings } from "./settings.ts";

/** What goes to the agent besides a question's words. */
export interface QuestionConfig {
  readonly context: ContextTemplates;
  /** The inputs of a chatflow that take files. */
  readonly fileParameters: FileParameters;
  /** The largest file that is passed on, in bytes. */
  readonly maxFileBytes: number;
}

export function readQuestions(settings: Settings, mode: CozeMode | undefined): QuestionConfig {
  return {
    context: readQuestionContext(settings, mode),
    fileParameters: readFileParameters(settings),
    maxFileBytes: readFileLimit(settings),
  };
}
