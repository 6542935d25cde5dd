/** Who is emulated: the hosted service (api.coze.cn, api.coze.com) or the self-hosted coze-studio. */
export type Dialect = "hosted" | "studio";
