import type { FaultEffect } from "../faults.ts";
import { badRequest, conflict, flood, forbidden, Refusal, reasons, unauthorized } from "./refusal.ts";

/**
 * Faults with the exact bodies of api.telegram.org, for `emulator.faults.add({ method, effect })`. Each is a whole
 * answer: the call is not applied. The bodies are those of tdlib/telegram-bot-api 10.0 and of reports from production.
 */

/** 429 in any place, whatever the rate limits say. Values seen in production: 5 to 280, rarely hours. */
export function tooManyRequests(seconds: number): FaultEffect {
  return refused(flood(seconds));
}

export function internalServerError(): FaultEffect {
  return refused(new Refusal(500, "Internal Server Error"));
}

/** Telegram's servers are going down for a restart. */
export function restarting(): FaultEffect {
  return refused(new Refusal(500, "Internal Server Error: restart"));
}

export function badGateway(): FaultEffect {
  return refused(new Refusal(502, "Bad Gateway"));
}

/** The same outage as nginx tells it: an HTML page where a client expects JSON. */
export function badGatewayPage(): FaultEffect {
  const title = "<h1>502 Bad Gateway</h1>";
  const body = `<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center>${title}</center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n`;
  return { kind: "reply", status: 502, body };
}

/** An answer that ends in the middle of its JSON. */
export function truncatedBody(): FaultEffect {
  return { kind: "reply", status: 200, body: '{"ok":true,"result":{"message_id":' };
}

export function tokenRevoked(): FaultEffect {
  return refused(unauthorized());
}

/** Another instance of the bot polls. Hits the next poll; `TelegramEmulator.pollElsewhere` ends the one being held. */
export function pollingConflict(): FaultEffect {
  return refused(conflict(reasons.polledElsewhere));
}

export function webhookActive(): FaultEffect {
  return refused(conflict(reasons.webhookActive));
}

export function botBlocked(): FaultEffect {
  return refused(forbidden("bot was blocked by the user"));
}

export function userDeactivated(): FaultEffect {
  return refused(forbidden("user is deactivated"));
}

export function botKicked(): FaultEffect {
  return refused(forbidden("bot was kicked from the supergroup chat"));
}

export function chatNotFound(): FaultEffect {
  return refused(badRequest("chat not found"));
}

export function messageThreadNotFound(): FaultEffect {
  return refused(badRequest("message thread not found"));
}

export function topicClosed(): FaultEffect {
  return refused(badRequest("TOPIC_CLOSED"));
}

export function messageToEditNotFound(): FaultEffect {
  return refused(badRequest("message to edit not found"));
}

export function messageCantBeEdited(): FaultEffect {
  return refused(badRequest("message can't be edited"));
}

export function messageNotModified(): FaultEffect {
  return refused(badRequest(reasons.notModified));
}

/** What sendMessage says to a long text; editMessageText says {@link messageTooLongToEdit}. */
export function messageTooLong(): FaultEffect {
  return refused(badRequest("message is too long"));
}

export function messageTooLongToEdit(): FaultEffect {
  return refused(badRequest("MESSAGE_TOO_LONG"));
}

function refused(refusal: Refusal): FaultEffect {
  return { kind: "reply", status: refusal.status, body: refusal.body, headers: refusal.headers };
}
