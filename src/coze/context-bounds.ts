/** What Coze takes of a question's context (Coze docs chat_v3); a question with more than that is refused as a whole. */
export const contextBounds = {
  variableName: /^[A-Za-z_]+$/,
  /** Coze ignores the first (docs workflow_chat). The second would put everybody into one conversation. */
  reservedParameters: ["USER_INPUT", "CONVERSATION_NAME"] as readonly string[],
  mostMetaData: 16,
  /** Of meta data, in characters; neither may be empty. */
  longestKey: 64,
  longestValue: 512,
};
