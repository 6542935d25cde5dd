import type { CallbackQueries } from "../callback-queries.ts";
import type { Methods } from "./method.ts";

/** Answers to presses of inline buttons. No rate limit holds for them. */
export function callbackQueryMethods(queries: CallbackQueries): Methods {
  return {
    answerCallbackQuery(parameters) {
      queries.answer(parameters.text("callback_query_id"));
      return true;
    },
  };
}
