import { authorized, type Endpoint, type Fields, optionalText, type Reply, requiredText, success } from "./api.ts";
import { catalog, checkApp } from "./catalog.ts";
import { API_CONNECTOR } from "./conversations.ts";
import { unauthorized, unknownAppConversation, workflowFailure } from "./refusal.ts";
import type { Service } from "./service.ts";
import type { Identity } from "./tokens.ts";

/** The conversations of an app by their names, as coze-studio alone has them (chatflow.go, OpenAPICreateConversation). */
export function appConversationEndpoints(service: Service): readonly Endpoint[] {
  return [
    {
      name: "POST /v1/workflow/conversation/create",
      answer: authorized(
        () => unauthorized("access-token"),
        ({ body }, identity) => create(service, body, identity),
      ),
    },
  ];
}

/** Names that the app does not define are known once a flow has run under them; this call makes none of them. */
function create({ conversations, changed }: Service, body: Fields, identity: Identity): Reply {
  const binding = {
    appId: requiredText(body, "app_id"),
    connectorId: optionalText(body, "connector_id") ?? API_CONNECTOR,
    name: requiredText(body, "conversation_name"),
  };
  checkApp(binding.appId);
  const defined: readonly string[] = catalog.conversationNames;
  const isKnown = defined.includes(binding.name) || conversations.hasBound(identity, binding);
  const isWanted = body.get_or_create === true;
  if (!isKnown)
    throw isWanted ? unknownAppConversation() : workflowFailure(`conversation name ${binding.name} not found`);
  const conversation = isWanted ? conversations.bound(identity, binding) : conversations.rebind(identity, binding);
  changed();
  return success({ id: conversation.id, last_section_id: conversation.sectionId });
}
